import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { controlAddress, openControl } from '../../../src/runtime/serving/control.js';
import { requireState, writeState } from '../../../src/runtime/serving/state.js';
import { homeAt } from '../../../src/runtime/settings.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { serverState } from '../../helpers/state.js';

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
