import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { writeFileAtomic } from '../../../src/runtime/files/write-atomic.js';
import type * as WriteAtomic from '../../../src/runtime/files/write-atomic.js';
import { homeAt } from '../../../src/runtime/config/home.js';
import { controlAddress } from '../../../src/runtime/servers/control/address.js';
import { openControl } from '../../../src/runtime/servers/control/listen.js';
import { listHashesInUse } from '../../../src/runtime/servers/copies/copies-in-use.js';
import { requireState } from '../../../src/runtime/servers/state/find.js';
import { replaceStateFile, writeStateFile } from '../../../src/runtime/servers/state/state-file.js';
import type { ServerState } from '../../../src/runtime/servers/state/server-state.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { serverState } from '../../helpers/state.js';

vi.mock('../../../src/runtime/files/write-atomic.js', async (original) => {
  const real = await original<typeof WriteAtomic>();
  return { ...real, writeFileAtomic: vi.fn(real.writeFileAtomic) };
});

it('the copies that a server has reloaded are in use, even if a full disk prevents the write of its state file', async () => {
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
  await writeStateFile(home, stateOf('old'));
  const now = stateOf('new');
  const opened = await openControl(control, () => Promise.resolve(now));
  onTestFinished(() => opened.close());
  vi.mocked(writeFileAtomic).mockRejectedValueOnce(new Error('ENOSPC'));
  await expect(replaceStateFile(home, now)).rejects.toThrow('ENOSPC');
  expect([...(await listHashesInUse(home))]).toEqual(['new']);
});

it('server_not_found names the ports of running servers, not of dead servers', async () => {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  const dead = serverState({ port: await freePort() });
  const alive = serverState({ port: await freePort() });
  await writeStateFile(home, dead);
  await writeStateFile(home, alive);
  const control = await openControl(controlAddress(home, alive.port), () => Promise.resolve(alive));
  onTestFinished(() => control.close());
  const asked = await freePort();
  await expect(requireState(home, asked)).rejects.toMatchObject({
    code: 'server_not_found',
    details: { port: asked, ports: [alive.port] },
  });
});
