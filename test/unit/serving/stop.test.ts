import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { controlAddress, openControl } from '../../../src/runtime/serving/control.js';
import { processStartTime } from '../../../src/runtime/serving/identity.js';
import { writeState, type ServerState } from '../../../src/runtime/serving/state.js';
import { stopServer } from '../../../src/runtime/serving/stop.js';
import { homeAt, type Home } from '../../../src/runtime/home.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { isRunning, until } from '../../helpers/server.js';
import { serverState } from '../../helpers/state.js';

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

it('a server in another container is asked, and the process that has its id here is left alone', async () => {
  const { home, child, state } = await stuckServer(0);
  const elsewhere = { ...state, startTime: 0 };
  await writeState(home, elsewhere);
  const asked: string[] = [];
  const control = await openControl(controlAddress(home, state.port), ({ action }) => {
    asked.push(action);
    return Promise.resolve(elsewhere);
  });
  onTestFinished(() => control.close());
  expect(await stopServer(home, state.port)).toMatchObject({ stopped: true, killed: false });
  expect(asked).toEqual(['tell', 'stop']);
  expect(isRunning(child.pid ?? 0)).toBe(true);
});
