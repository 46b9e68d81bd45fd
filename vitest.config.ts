import os from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const ci = process.env['CI'] !== undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests that start servers wait for models to load; on a busy machine that takes a while.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Nothing that a test does by accident reaches the user's own folder.
    env: { OCRHUB_HOME: path.join(os.tmpdir(), 'ocrhub-test-home') },
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
    reporters: ci ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
  },
});
