import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { writeFileAtomic } from '../../../src/runtime/files/write-atomic.js';
import type * as WriteAtomic from '../../../src/runtime/files/write-atomic.js';
import { homeAt } from '../../../src/runtime/config/home.js';
import { controlAddress, openControl } from '../../../src/runtime/servers/control/control.js';
import { listHashesInUse } from '../../../src/runtime/servers/copies/copies-in-use.js';
import { replaceState, requireState, writeState } from '../../../src/runtime/servers/state/state-file.js';
import type { ServerState } from '../../../src/runtime/servers/state/server-state.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { serverState } from '../../helpers/state.js';

vi.mock('../../../src/runtime/files/write-atomic.js', async (original) => {
  const real = await original<typeof WriteAtomic>();
  return { ...real, writeFileAtomic: vi.fn(real.writeFileAtomic) };
});

it('what a server serves now is pinned, also when the disk is too full to write it down', async () => {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  const port = 9401;
  const control = controlAddress(home, port);
  const stateOf = (hash: string): ServerState =>
    ({
      ...serverState({ port, control }),
      options: { startedIn: '/', grace: 30, modules: [{ route: 'a', name: 'a', version: '1.0.0', hash }] },
    }) as unknown as ServerState;
  await writeState(home, stateOf('old'));
  const now = stateOf('new');
  const opened = await openControl(control, () => Promise.resolve(now));
  onTestFinished(() => opened.close());
  vi.mocked(writeFileAtomic).mockRejectedValueOnce(new Error('ENOSPC'));
  await expect(replaceState(home, now)).rejects.toThrow('ENOSPC');
  expect([...(await listHashesInUse(home))]).toEqual(['new']);
});

it('a port without a server is told of with those that have one, and not with those that had one', async () => {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  const dead = serverState({ port: await freePort() });
  const alive = serverState({ port: await freePort() });
  await writeState(home, dead);
  await writeState(home, alive);
  const control = await openControl(controlAddress(home, alive.port), () => Promise.resolve(alive));
  onTestFinished(() => control.close());
  const asked = await freePort();
  await expect(requireState(home, asked)).rejects.toMatchObject({
    code: 'server_not_found',
    details: { port: asked, ports: [alive.port] },
  });
});
