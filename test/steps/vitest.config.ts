import os from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/* Commands that are interrupted at every step: npm run test:steps. */
export default defineConfig({
  test: {
    root: path.join(import.meta.dirname, '..', '..'),
    include: ['test/steps/**/*.steps.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    env: { OCRHUB_HOME: path.join(os.tmpdir(), 'ocrhub-test-home') },
  },
});
