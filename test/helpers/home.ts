import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { ocrhub } from './cli.js';

/** A temporary folder, removed when the test finishes. Call it in a test or in `beforeEach`, not in `beforeAll`. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A home folder for one test. Its servers are stopped when the test finishes. */
export async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-home-'));
  onTestFinished(() => removeHome(home));
  return home;
}

/** A home folder for all tests of a file. Create it in `beforeAll` and call `removeHome` in `afterAll`. */
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
