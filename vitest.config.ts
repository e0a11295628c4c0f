import { defineConfig } from 'vitest/config';

// Nest injects by the types that legacy decorators leave behind; everything else is plain type stripping.
const decorators = { decorator: { legacy: true, emitDecoratorMetadata: true } } as const;
const exclude = ['**/node_modules/**', '**/dist/**', '**/.next/**', '**/.wattproof/**'];

export default defineConfig({
  oxc: decorators,
  test: {
    // A flaky test is a bug: nothing is retried.
    retry: 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...exclude, '**/*.integration.test.ts', '**/*.e2e.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
          // Most of them wait for processes and clocks: one more than there are processors.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['apps/portal/e2e/**/*.e2e.test.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A chart is drawn when it is drawn: a busy machine takes its time.
          expect: { poll: { timeout: 20_000 } },
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
          maxConcurrency: 2,
        },
      },
    ],
  },
});
