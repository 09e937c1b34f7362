import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/**/*.e2e.test.ts'],
    setupFiles: ['test/e2e/support/print-logs.ts'],
    // Each file has a control plane of its own, and the machine two cores.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
