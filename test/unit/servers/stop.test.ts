import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { controlAddress } from '../../../src/runtime/servers/control/address.js';
import { openControl } from '../../../src/runtime/servers/control/listen.js';
import { processStartTime } from '../../../src/runtime/process/birth.js';
import { writeStateFile } from '../../../src/runtime/servers/state/state-file.js';
import type { ServerState } from '../../../src/runtime/servers/state/server-state.js';
import { stopServer } from '../../../src/runtime/servers/stop.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { isRunning, until } from '../../helpers/server.js';
import { serverState } from '../../helpers/state.js';
import { stubServer } from '../../helpers/stub-server.js';

/** A process that ignores SIGTERM, and the state of a server with its id. */
async function stuckServer(
  grace: number,
  onTerm = 'undefined',
): Promise<{ home: Home; child: ChildProcess; state: ServerState }> {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  const code = `process.title = 'ocrhub server'; process.on('SIGTERM', () => ${onTerm}); setInterval(() => undefined, 1000); console.log('ready')`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const startTime = (await processStartTime(pid)) ?? 0;
  const state = serverState({ pid, startTime, instance: 'stuck', port: await freePort(), grace });
  return { home, child, state };
}

it('stop waits for a draining server that does not answer and has no state file, then kills it', async () => {
  const { home, child, state } = await stuckServer(2);
  let stopping = false;
  const control = await openControl(controlAddress(home, state.port), (request) => {
    if (stopping) return new Promise(() => undefined);
    stopping = request.action === 'stop';
    return Promise.resolve(state);
  });
  onTestFinished(() => void control.close());
  expect(await stopServer(home, state.port)).toMatchObject({ stopped: true, killed: true });
  expect(isRunning(child.pid ?? 0)).toBe(false);
});

it('stop removes the state file before it kills a server, so that the server does not look crashed', async () => {
  const { home, child, state } = await stuckServer(0);
  await writeStateFile(home, state);
  let left: boolean | undefined;
  child.once('exit', () => (left = existsSync(path.join(home.serving, `${state.port}.json`))));
  expect(await stopServer(home, state.port)).toMatchObject({ killed: true });
  await until(
    'the process has ended',
    () => Promise.resolve(left),
    (known) => known !== undefined,
  );
  expect(left).toBe(false);
});

it.each([
  ['at the address in its state', (address: string) => address],
  ['at the default address if its state has the address in its container', () => '/in/its/container/9400.sock'],
])(
  'a server in another container is asked %s, and the local process with its id keeps running',
  async (_, addressInState) => {
    const { home, child, state } = await stuckServer(0);
    const address = controlAddress(home, state.port);
    const elsewhere = { ...state, startTime: 0, control: addressInState(address) };
    await writeStateFile(home, elsewhere);
    const asked: string[] = [];
    const control = await openControl(address, async ({ action }) => {
      asked.push(action);
      if (action === 'stop') await rm(path.join(home.serving, `${state.port}.json`));
      return elsewhere;
    });
    onTestFinished(() => control.close());
    expect(await stopServer(home, state.port)).toMatchObject({ stopped: true, killed: false });
    expect(asked.slice(0, 2)).toEqual(['describe', 'stop']);
    expect(isRunning(child.pid ?? 0)).toBe(true);
  },
);

it('stopping a server in another container that cannot be reached fails and keeps its state file', async () => {
  const { home, child, state } = await stuckServer(0);
  const { url } = await stubServer(() => ({ http: 200, text: JSON.stringify({ instance: 'stuck' }) }));
  const elsewhere = { ...state, startTime: 0, port: Number(new URL(url).port) };
  await writeStateFile(home, elsewhere);
  await expect(stopServer(home, elsewhere.port)).rejects.toMatchObject({ code: 'server_not_stopped' });
  expect(existsSync(path.join(home.serving, `${elsewhere.port}.json`))).toBe(true);
  expect(isRunning(child.pid ?? 0)).toBe(true);
});

it('stopping a server in another container that does not end within its grace fails', async () => {
  const { home, state } = await stuckServer(0);
  const elsewhere = { ...state, startTime: 0 };
  await writeStateFile(home, elsewhere);
  const control = await openControl(controlAddress(home, state.port), () => Promise.resolve(elsewhere));
  onTestFinished(() => control.close());
  await expect(stopServer(home, state.port)).rejects.toMatchObject({
    code: 'server_not_stopped',
    details: { problem: 'it did not end within its grace' },
  });
});

it.runIf(process.platform === 'linux')(
  'stop ends when another process has the id of the server, and leaves that one alone',
  async () => {
    const { home, child, state } = await stuckServer(20, "process.title = 'another'");
    await writeStateFile(home, state);
    expect(await stopServer(home, state.port)).toMatchObject({ stopped: true, killed: false });
    expect(isRunning(child.pid ?? 0)).toBe(true);
  },
);
