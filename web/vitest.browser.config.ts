// The browser tests: a real server, a real Chromium. `CARAVAN_BIN=… npm run test:browser` after `npm run build`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    environment: 'node',
    // One server and one browser at a time: timings are among the things measured.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
