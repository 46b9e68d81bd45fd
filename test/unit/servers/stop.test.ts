import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { controlAddress, openControl } from '../../../src/runtime/servers/control/control.js';
import { processStartTime } from '../../../src/runtime/process/birth.js';
import { writeState } from '../../../src/runtime/servers/state/state-file.js';
import type { ServerState } from '../../../src/runtime/servers/state/server-state.js';
import { stopServer } from '../../../src/runtime/servers/stop.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { isRunning, until } from '../../helpers/server.js';
import { serverState } from '../../helpers/state.js';
import { stubServer } from '../../helpers/stub-server.js';

/** A process in the place of a server that does not end of itself, and the state that it would have. */
async function stuckServer(grace: number): Promise<{ home: Home; child: ChildProcess; state: ServerState }> {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  const code = "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log('ready')";
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const startTime = (await processStartTime(pid)) ?? 0;
  const state = serverState({ pid, startTime, instance: 'stuck', port: await freePort(), grace });
  return { home, child, state };
}

it('a server without a state file that is too busy to answer while it drains has not ended', async () => {
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

it('a server that is killed never lies dead beside its state file, as one that died of itself does', async () => {
  const { home, child, state } = await stuckServer(0);
  await writeState(home, state);
  let left: boolean | undefined;
  child.once('exit', () => (left = existsSync(path.join(home.serving, `${state.port}.json`))));
  expect(await stopServer(home, state.port)).toMatchObject({ killed: true });
  await until(
    'its end is known',
    () => Promise.resolve(left),
    (known) => known !== undefined,
  );
  expect(left).toBe(false);
});

it.each([
  ['where its state says', (usual: string) => usual],
  ['where this home folder has its socket, to which it gives another name', () => '/in/its/container/9400.sock'],
])('a server in another container is asked %s, and the process that has its id here is left alone', async (_, said) => {
  const { home, child, state } = await stuckServer(0);
  const usual = controlAddress(home, state.port);
  const elsewhere = { ...state, startTime: 0, control: said(usual) };
  await writeState(home, elsewhere);
  const asked: string[] = [];
  const control = await openControl(usual, async ({ action }) => {
    asked.push(action);
    if (action === 'stop') await rm(path.join(home.serving, `${state.port}.json`));
    return elsewhere;
  });
  onTestFinished(() => control.close());
  expect(await stopServer(home, state.port)).toMatchObject({ stopped: true, killed: false });
  expect(asked.slice(0, 2)).toEqual(['tell', 'stop']);
  expect(isRunning(child.pid ?? 0)).toBe(true);
});

it('a server elsewhere that cannot be reached is not called stopped, and keeps its state file', async () => {
  const { home, child, state } = await stuckServer(0);
  const { url } = await stubServer(() => ({ http: 200, text: JSON.stringify({ instance: 'stuck' }) }));
  const elsewhere = { ...state, startTime: 0, port: Number(new URL(url).port) };
  await writeState(home, elsewhere);
  await expect(stopServer(home, elsewhere.port)).rejects.toMatchObject({ code: 'server_not_stopped' });
  expect(existsSync(path.join(home.serving, `${elsewhere.port}.json`))).toBe(true);
  expect(isRunning(child.pid ?? 0)).toBe(true);
});

it('a server elsewhere that does not end within its grace is not called stopped either', async () => {
  const { home, state } = await stuckServer(0);
  const elsewhere = { ...state, startTime: 0 };
  await writeState(home, elsewhere);
  const control = await openControl(controlAddress(home, state.port), () => Promise.resolve(elsewhere));
  onTestFinished(() => control.close());
  await expect(stopServer(home, state.port)).rejects.toMatchObject({
    code: 'server_not_stopped',
    details: { problem: 'it did not end within its grace' },
  });
});
