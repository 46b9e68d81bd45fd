import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { homeAt } from '../../../src/runtime/config/home.js';
import { processStartTime } from '../../../src/runtime/process/birth.js';
import { listStates, removeState } from '../../../src/runtime/servers/state/find.js';
import { writeStateFile } from '../../../src/runtime/servers/state/state-file.js';
import { stopServer } from '../../../src/runtime/servers/stop.js';
import { temporaryFolder } from '../../helpers/home.js';
import { isRunning } from '../../helpers/server.js';
import { serverState } from '../../helpers/state.js';

/** An id that no process has. */
const nobody = 4_194_000;

async function homeWithState(over: Partial<ReturnType<typeof serverState>>) {
  const root = await temporaryFolder();
  const home = homeAt(path.join(root, 'home'), path.join(root, 'config.json'));
  await mkdir(home.serving, { recursive: true });
  const state = { ...serverState({ pid: nobody, startTime: 0, instance: 'gone', port: 18937, grace: 1 }), ...over };
  await writeStateFile(home, state);
  return { root, home, state };
}

describe.skipIf(process.platform === 'win32')('a state file that names what is not its server’s', () => {
  it.each([
    ['a file', (root: string) => path.join(root, 'precious.txt')],
    ['a folder', (root: string) => root],
    ['a path with NUL', () => '/tmp/a\0b'],
    ['an overlong path', () => `/${'a'.repeat(5000)}/serving/18937.sock`],
    ['a file that is called as a socket is', (root: string) => path.join(root, 'serving', '18937.sock')],
    ['a device', () => '/dev/null'],
    ['nothing', () => ''],
  ])('removes nothing but itself: %s', async (_, controlOf) => {
    const { root, home, state } = await homeWithState({});
    const control = controlOf(root);
    await mkdir(path.join(root, 'serving'));
    for (const file of ['precious.txt', 'serving/18937.sock']) await writeFile(path.join(root, file), 'precious');
    await writeStateFile(home, { ...state, control });
    expect(await stopServer(home, state.port)).toMatchObject({ stopped: false });
    for (const file of ['precious.txt', 'serving/18937.sock']) expect(existsSync(path.join(root, file))).toBe(true);
    expect(await listStates(home)).toEqual([]);
  });

  it('leaves the socket of another program alone', async () => {
    const { root, home, state } = await homeWithState({});
    const control = path.join(root, 'other.sock');
    const server = createServer().listen(control);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    await writeStateFile(home, { ...state, control });
    await removeState(home, state);
    expect(existsSync(control)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('sends no signal to another program', async () => {
    const child = spawn(process.execPath, ['-e', "setInterval(() => undefined, 1000); console.log('ready')"]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const { home, state } = await homeWithState({ pid, startTime: (await processStartTime(pid)) ?? 0 });
    await writeStateFile(home, { ...state, options: { ...state.options, grace: 0 } });
    await stopServer(home, state.port);
    expect(isRunning(pid)).toBe(true);
  });

  it('is no state with a grace that never ends', async () => {
    const { home, state } = await homeWithState({});
    await writeStateFile(home, { ...state, options: { ...state.options, grace: 1e9 } });
    expect(await listStates(home)).toEqual([]);
  });
});
