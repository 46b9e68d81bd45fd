import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder } from '../helpers/home.js';
import {
  isRunning,
  predict,
  startServer,
  until,
  untilHealth,
  untilLogged,
  type TestServer,
} from '../helpers/server.js';
import { fixture } from '../helpers/pictures.js';
import { slowPackage } from '../helpers/slow-package.js';

/** A server whose home folder is not where other files of the test are. It is killed if nothing can stop it. */
async function startWord(): Promise<TestServer & { readonly folder: string }> {
  const folder = await temporaryFolder();
  const home = path.join(folder, 'home');
  await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word')));
  await ocrhubJson(home, ['install', path.join(folder, 'word')]);
  const server = await startServer(home, { flags: ['-m', 'word'] });
  onTestFinished(() => {
    if (isRunning(server.pid)) process.kill(server.pid, 'SIGKILL');
  });
  return { ...server, folder };
}

async function statusIn(home: string): Promise<readonly { pid: number }[]> {
  return (await ocrhubJson<{ servers: { pid: number }[] }>(home, ['serving', 'status'])).servers;
}

/** What is removed under a running server, by its name and by the paths below the home folder. */
const losses: readonly (readonly [string, (port: number) => readonly string[]])[] = [
  ['its state file', (port) => [`serving/${port}.json`]],
  ['its control socket', (port) => [`serving/${port}.sock`]],
  ['both and its log', (port) => [`serving/${port}.json`, `serving/${port}.sock`, `logs/${port}.log`]],
  ['the folder of states', () => ['serving']],
  ['the folders of states and logs', () => ['serving', 'logs']],
  ['its home folder', () => ['.']],
];

it.skipIf(process.platform === 'win32').each(losses)(
  'a server is found and stopped after %s was removed',
  async (_, what) => {
    const { home, port, pid, logFile } = await startWord();
    for (const name of what(port)) await rm(path.join(home, name), { recursive: true });
    for (const name of [`${port}.json`, `${port}.sock`])
      await until(`${name} is back`, () => Promise.resolve(existsSync(path.join(home, 'serving', name))), Boolean);
    expect(await statusIn(home)).toMatchObject([{ pid }]);
    await untilLogged(logFile, ({ msg }) => msg === 'its state was removed and is written again');
    const stopped = await ocrhubJson(home, ['serving', 'stop', '-p', String(port)]);
    expect(stopped).toMatchObject({ pid, stopped: true, killed: false });
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(path.join(home, 'serving', `${port}.json`))).toBe(false);
  },
);

it.skipIf(process.platform === 'win32')('a server whose home folder was moved is found under both names', async () => {
  const { home, folder, port, pid } = await startWord();
  const moved = path.join(folder, 'moved');
  await rename(home, moved);
  await until('its state is back', () => Promise.resolve(existsSync(path.join(home, 'serving'))), Boolean);
  expect(await statusIn(moved)).toMatchObject([{ pid }]);
  expect(await statusIn(home)).toMatchObject([{ pid }]);
  expect(await ocrhubJson(moved, ['serving', 'stop', '-p', String(port)])).toMatchObject({ pid, stopped: true });
  expect([await statusIn(moved), await statusIn(home)]).toEqual([[], []]);
});

it.skipIf(process.platform === 'win32')('a server that is draining is found after its state was removed', async () => {
  const home = path.join(await temporaryFolder(), 'home');
  await ocrhubJson(home, ['install', await slowPackage(6000)]);
  const server = await startServer(home, { flags: ['-m', 'slow'] });
  const { port, pid, logFile } = server;
  const answer = predict(server, 'slow', { images: [fixture('pixel.png')] });
  await untilHealth(server, 'the picture is read', ({ processes }) => processes.some(({ state }) => state === 'busy'));
  const stopping = ocrhub(home, ['serving', 'stop', '-p', String(port)]);
  await untilLogged(logFile, ({ msg }) => msg === 'stopping');
  await rm(path.join(home, 'serving'), { recursive: true });
  await untilLogged(logFile, ({ msg }) => msg === 'its state was removed and is written again');
  expect(await statusIn(home)).toMatchObject([{ pid }]);
  expect((await answer).http).toBe(200);
  expect((await stopping).code).toBe(0);
  expect(isRunning(pid)).toBe(false);
  expect(await statusIn(home)).toEqual([]);
});

it('commands name the server on a port that is of another home folder', async () => {
  const { port, pid, folder } = await startWord();
  const other = path.join(folder, 'other');
  for (const command of ['status', 'stop', 'restart']) {
    const result = await ocrhub(other, ['serving', command, '-p', String(port)]);
    expect([result.code, result.stderr]).toEqual([3, expect.stringContaining(`pid ${pid} in its own words`)]);
    expect(result.stderr).not.toMatch(/^Error: No ocrhub server/);
  }
  expect((await ocrhub(other, ['serving', 'status'])).stdout).toBe(`No server of ${other} is running\n`);
  expect(isRunning(pid)).toBe(true);
  // A port with nothing, or with another program.
  const free = await ocrhub(other, ['serving', 'stop', '-p', String(await freePort())]);
  expect(free.stderr).toContain(`No ocrhub server of ${other} is running on port`);
});

it('a server whose copy of a module was removed says so, and serves again when it is back', async () => {
  const { url, home, folder, port, pid } = await startWord();
  const server = { url };
  const { processes } = await untilHealth(server, 'ready', ({ status }) => status === 'ready');
  await rename(path.join(home, 'modules'), path.join(folder, 'modules'));
  process.kill(processes[0]?.pid ?? 0, 'SIGKILL');
  const { reason } = await untilHealth(server, 'failed', ({ status }) => status === 'failed', 60);
  expect(reason).toContain(path.join(home, 'modules', 'word'));
  expect(reason).toContain('is gone');
  expect(reason).not.toContain('Cannot find module');
  await mkdir(home, { recursive: true });
  await rename(path.join(folder, 'modules'), path.join(home, 'modules'));
  expect(await ocrhub(home, ['serving', 'restart', '-p', String(port)])).toMatchObject({ code: 0 });
  expect(await predict(server, 'word', { images: [fixture('pixel.png')] })).toMatchObject({
    http: 200,
  });
  expect(isRunning(pid)).toBe(true);
});
