import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { controlAddress } from '../../../src/runtime/servers/control/address.js';
import { openControl } from '../../../src/runtime/servers/control/listen.js';
import { processBirth, processStartTime } from '../../../src/runtime/process/birth.js';
import { serverTitle } from '../../../src/runtime/process/title.js';
import { isAlive, isOwnProcess } from '../../../src/runtime/servers/state/liveness.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { serverState } from '../../helpers/state.js';
import { stubServer } from '../../helpers/stub-server.js';

let home: Home;
let port: number;

// This process stands for a server.
process.title = serverTitle;

beforeEach(async () => {
  const root = await temporaryFolder();
  home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  port = await freePort();
});

/** The id of an ended process. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  return child.pid ?? 0;
}

const hour = 3_600_000;

describe('a server that does not answer', () => {
  it.skipIf(process.platform !== 'linux')(
    'is alive even if the clock was set after its start (Linux only: it counts ticks)',
    async () => {
      const birth = await processBirth(process.pid);
      expect(birth).toMatch(/^[0-9a-f-]{36} \d+$/);
      const state = serverState({ port, startTime: Date.now() - hour, birth: birth ?? '' });
      expect(await isAlive(home, state)).toBe(true);
    },
  );

  it('is dead if the process with its id started at another time', async () => {
    const startTime = (await processStartTime(process.pid)) ?? 0;
    const started = serverState({ port, startTime });
    expect(await isAlive(home, started)).toBe(true);
    expect(await isAlive(home, { ...started, startTime: startTime - hour })).toBe(false);
    if (process.platform === 'linux') expect(await isAlive(home, { ...started, birth: 'another boot 1' })).toBe(false);
  });
});

it('a draining server is alive although another server has taken its port', async () => {
  const { url } = await stubServer(() => ({ http: 200, text: JSON.stringify({ instance: 'b' }) }));
  const startTime = (await processStartTime(process.pid)) ?? 0;
  const state = serverState({ port: Number(new URL(url).port), instance: 'a', startTime });
  expect(await isAlive(home, state)).toBe(true);
});

describe('a server whose process is not visible, as in another container,', () => {
  it('is alive if /health returns its instance, and dead if /health returns another', async () => {
    const { url } = await stubServer(() => ({ http: 200, text: JSON.stringify({ instance: 'a' }) }));
    const state = serverState({ pid: await endedPid(), port: Number(new URL(url).port) });
    expect(await isAlive(home, state)).toBe(true);
    expect(await isOwnProcess(state)).toBe(false);
    expect(await isAlive(home, { ...state, instance: 'b' })).toBe(false);
  });

  it('is alive if it answers on its control socket', async () => {
    const state = serverState({ pid: await endedPid(), port });
    expect(await isAlive(home, state)).toBe(false);
    const control = await openControl(controlAddress(home, port), () => Promise.resolve(state));
    onTestFinished(() => control.close());
    expect(await isAlive(home, state)).toBe(true);
    expect(await isAlive(home, { ...state, instance: 'b' })).toBe(false);
  });
});
