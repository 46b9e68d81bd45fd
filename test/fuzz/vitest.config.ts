import os from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/* Attacks that a program makes up: npm run test:fuzz. scale.ts says how to try fewer, others, or one again. */
export default defineConfig({
  test: {
    root: path.join(import.meta.dirname, '..', '..'),
    include: ['test/fuzz/**/*.fuzz.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    env: { OCRHUB_HOME: path.join(os.tmpdir(), 'ocrhub-test-home') },
  },
});
