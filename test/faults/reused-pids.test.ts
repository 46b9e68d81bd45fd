import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { homeAt } from '../../src/runtime/config/home.js';
import { processBirth, processStartTime } from '../../src/runtime/process/birth.js';
import { controlAddress } from '../../src/runtime/servers/control/address.js';
import { writeStateFile } from '../../src/runtime/servers/state/state-file.js';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { health, isRunning, startServer } from '../helpers/server.js';
import { serverState } from '../helpers/state.js';

/* A server was killed, and its process id belongs to another process now. Nothing of that process is touched. */

let home: string;
let port: number;

beforeEach(async () => {
  home = await temporaryHome();
  port = await freePort();
  await mkdir(path.join(home, 'serving'), { mode: 0o700 });
  const folder = await temporaryFolder();
  await writeFiles(folder, packageFiles(wordModule('word')));
  await ocrhubJson(home, ['install', folder]);
});

async function nodeProcess(title: string): Promise<number> {
  const code = `process.title = '${title}'; setInterval(() => undefined, 1000); console.log('ready')`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

const others: readonly (readonly [string, () => Promise<number>])[] = [
  ['a program', () => Promise.resolve(spawnSleep().pid)],
  ['a program on Node.js', () => nodeProcess('something')],
  ['a program that calls itself a server', () => nodeProcess('ocrhub server')],
  [
    'a server of another home folder',
    async () => {
      const other = await temporaryHome();
      const folder = await temporaryFolder();
      await writeFiles(folder, packageFiles(wordModule('word')));
      await ocrhubJson(other, ['install', folder]);
      return (await startServer(other, { flags: ['-m', 'word'] })).pid;
    },
  ],
];

function spawnSleep(): { pid: number } {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid ?? 0 };
}

/** The state of a server that had this process id before. */
async function leaveState(pid: number): Promise<void> {
  const at = homeAt(home, path.join(home, 'config.json'));
  const born = await processBirth(pid);
  // The same boot, some ticks earlier: ids are used again within one boot.
  const [boot = '', tick = '0'] = born?.split(' ') ?? [];
  const startTime = ((await processStartTime(pid)) ?? 0) - 60_000;
  const birth = born === undefined ? {} : { birth: `${boot} ${Number(tick) - 6000}` };
  await writeStateFile(at, {
    ...serverState({ pid, port, startTime, control: controlAddress(at, port), grace: 1 }),
    ...birth,
  });
}

describe.skipIf(process.platform === 'win32').each(others)('a process id that belongs to %s', (_, begin) => {
  it('is left alone by stop, status, restart and start', async () => {
    const pid = await begin();
    const flags = ['-p', String(port)];

    await leaveState(pid);
    expect(await ocrhubJson(home, ['serving', 'stop', ...flags])).toMatchObject({ stopped: false, killed: false });
    expect(isRunning(pid)).toBe(true);

    await leaveState(pid);
    expect(await ocrhubJson(home, ['serving', 'status'])).toEqual({ servers: [] });

    await leaveState(pid);
    const server = await startServer(home, { flags: ['-m', 'word'], port });
    expect(server.pid).not.toBe(pid);
    expect(await health(server)).toMatchObject({ status: 'ready' });
    expect(await ocrhubJson(home, ['serving', 'stop', ...flags])).toMatchObject({ pid: server.pid, stopped: true });
    expect(isRunning(pid)).toBe(true);
  }, 60_000);
});

it.runIf(process.platform === 'linux')(
  'stop does not say that it killed a program that a forged state names',
  async () => {
    const pid = await nodeProcess('something');
    const at = homeAt(home, path.join(home, 'config.json'));
    const birth = (await processBirth(pid)) ?? '';
    const startTime = (await processStartTime(pid)) ?? 0;
    await writeStateFile(at, {
      ...serverState({ pid, port, startTime, birth, control: controlAddress(at, port), grace: 0 }),
    });
    const { code, stdout, stderr } = await ocrhub(home, ['serving', 'stop', '-p', String(port)]);
    expect(isRunning(pid)).toBe(true);
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('was killed')]);
    expect(stderr).toBe('');
  },
);
