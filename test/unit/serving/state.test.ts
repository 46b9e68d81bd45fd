import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { writeFileAtomic } from '../../../src/runtime/files/write-atomic.js';
import type * as WriteAtomic from '../../../src/runtime/files/write-atomic.js';
import { openControl } from '../../../src/runtime/serving/control.js';
import { pinnedHashes } from '../../../src/runtime/serving/pinned-copies.js';
import { replaceState, writeState, type ServerState } from '../../../src/runtime/serving/state.js';
import { homeAt } from '../../../src/runtime/home.js';
import { temporaryFolder } from '../../helpers/home.js';

vi.mock('../../../src/runtime/files/write-atomic.js', async (original) => {
  const real = await original<typeof WriteAtomic>();
  return { writeFileAtomic: vi.fn(real.writeFileAtomic) };
});

it('what a server serves now is pinned, also when the disk is too full to write it down', async () => {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  const stateOf = (hash: string): ServerState =>
    ({
      pid: process.pid,
      startTime: 0,
      instance: 'a',
      port: 9401,
      host: '127.0.0.1',
      startedAt: '',
      tokenRequired: false,
      foreground: false,
      version: '0.1.0',
      logFile: '',
      options: { startedIn: '/', grace: 30, modules: [{ route: 'a', name: 'a', version: '1.0.0', hash }] },
    }) as unknown as ServerState;
  await writeState(home, stateOf('old'));
  const now = stateOf('new');
  const control = await openControl(path.join(home.serving, '9401.sock'), () => Promise.resolve(now));
  onTestFinished(() => void control.close());
  vi.mocked(writeFileAtomic).mockRejectedValueOnce(new Error('ENOSPC'));
  await expect(replaceState(home, now)).rejects.toThrow('ENOSPC');
  expect([...(await pinnedHashes(home))]).toEqual(['new']);
});
