import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { ocrhub } from './cli.js';

/** A temporary folder that goes away with the test; for `beforeEach` and tests, not for `beforeAll`. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A home folder for one test; servers that are left in it are stopped at its end. */
export async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-home-'));
  onTestFinished(() => removeHome(home));
  return home;
}

/** For homes that live as long as a file's tests: made in `beforeAll`, removed in `afterAll`. */
export function sharedHome(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), 'ocrhub-home-'));
}

export async function removeHome(home: string): Promise<void> {
  await ocrhub(home, ['serving', 'stop', '--all']);
  await rm(home, { recursive: true, force: true });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
