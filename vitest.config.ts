import { defineConfig } from 'vitest/config';

const ci = process.env['CI'] !== undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests that start servers wait for models to load; on a busy machine that takes a while.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ci ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
  },
});
