import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Routes of the server; everything else belongs to the app.
const server = process.env.CARAVAN_SERVER ?? 'http://127.0.0.1:8080';
const routes = ['/users', '/login', '/token', '/logout', '/firebase-token', '/.well-known', '/chat', '/attention', '/stream', '/admin', '/app/config.json'];

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(routes.map((route) => [route, { target: server, changeOrigin: false }])),
  },
  build: {
    // Everything but index.html lives under /app/, which no API route does.
    assetsDir: 'app/assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark() and nesting are used as they stand.
    // The Firebase SDK, a chunk of its own that few load.
    chunkSizeWarningLimit: 600,
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
  },
  test: {
    include: ['test/{app,client}/**/*.test.{ts,tsx}'],
  },
});
