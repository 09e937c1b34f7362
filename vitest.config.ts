import { defineConfig } from 'vitest/config';

/** The pure folders decide over ports and networks; the branches left out are fallbacks that only the compiler asks for. */
const PURE = { lines: 99, branches: 95 };

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a real API server: `npm run e2e`.
    exclude: ['test/e2e/**', 'test/**/*.e2e.test.ts'],
    testTimeout: 20_000,
    coverage: {
      include: ['src/**/*.{ts,tsx}'],
      // What only a browser runs is tested in one: `npm run e2e`.
      exclude: [
        'src/page/**/*.tsx',
        'src/page/browser/**',
        'src/main.ts',
        'src/rules/cases.ts',
        'src/rules/*/cases.ts',
      ],
      reporter: [['text', { skipFull: true }], 'html'],
      // What runs in a process of its own (serve) is tested, but not counted.
      thresholds: {
        lines: 94,
        branches: 90,
        'src/{domain,rules,allocation,engine,wire,policy,report,audit}/**': PURE,
        'src/page/model/**': PURE,
      },
    },
  },
});
