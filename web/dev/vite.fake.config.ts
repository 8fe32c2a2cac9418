// The app with the fake client: `npm run dev:fake`. Never part of the production build.
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import base from '../vite.config.ts';

const fake = fileURLToPath(new URL('./fake/index.ts', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

export default mergeConfig(base, defineConfig({
  root,
  plugins: [{
    name: 'fake-client',
    enforce: 'pre',
    resolveId: (source, importer) => (source === './client/index' && importer?.endsWith('/src/main.tsx') ? fake : null),
  }],
  server: { port: 5199, strictPort: true, proxy: {} },
  build: { outDir: 'test-results/fake-dist', emptyOutDir: true },
}));
