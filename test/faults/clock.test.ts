import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { ServerStatus } from '../../src/runtime/servers/status.js';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { temporaryHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { installProbe } from '../helpers/module.js';
import { fixture, whitePng } from '../helpers/pictures.js';
import { isRunning, predict, startServer, untilHealth } from '../helpers/server.js';

const day = 86_400;

/** A server whose clock is set by `setClock`, and the environment of commands with the same clock. */
async function start(flags: readonly string[]) {
  const home = await temporaryHome();
  await installProbe(home);
  const file = path.join(home, 'clock');
  const setClock = (seconds: number): Promise<void> => writeFile(file, String(seconds));
  await setClock(0);
  const preload = pathToFileURL(path.join(root, 'test', 'helpers', 'clock.mjs')).href;
  const env = { NODE_OPTIONS: `--import ${preload}`, CLOCK_FILE: file };
  const server = await startServer(home, { flags: ['-m', 'probe', ...flags], env });
  return { home, server, setClock, env };
}

it('a server whose clock is set a day forth and back answers, and its status and uptime can be read', async () => {
  const { home, server, setClock, env } = await start([]);
  const image = fixture('small.png');
  for (const seconds of [day, -day, 0]) {
    const working = predict(server, 'probe', { images: [image], sleepMs: 500 });
    await untilHealth(server, 'it works', ({ processes }) => processes.some(({ state }) => state === 'busy'));
    await setClock(seconds);
    expect(opened(await working)).toMatchObject({ http: 200, status: '000' });
    expect(opened(await predict(server, 'probe', { images: [image] }))).toMatchObject({ http: 200 });
    const { stdout } = await ocrhub(home, ['serving', 'status', '--json'], { env });
    const {
      servers: [status],
    } = JSON.parse(stdout) as { servers: ServerStatus[] };
    expect(status).toMatchObject({ status: 'ready' });
    expect(status?.uptimeSeconds).toBeGreaterThanOrEqual(0);
  }
});

it.each([
  ['forth', day],
  ['back', -day],
])('a stop lets the request in work end when the clock is set a day %s meanwhile', async (_, seconds) => {
  const { home, server, setClock, env } = await start(['--grace', '20']);
  const working = predict(server, 'probe', { images: [await whitePng(10)], sleepMs: 1500 });
  await untilHealth(server, 'it works', ({ processes }) => processes.some(({ state }) => state === 'busy'));
  const stopping = ocrhub(home, ['serving', 'stop', '-p', String(server.port), '--json'], { env });
  setTimeout(() => void setClock(seconds), 700);
  expect(opened(await working)).toMatchObject({ http: 200, status: '000' });
  expect(JSON.parse((await stopping).stdout)).toMatchObject({ stopped: true, killed: false });
  expect(isRunning(server.pid)).toBe(false);
});

it('a stop ends a request in work after its grace when the clock is set back meanwhile', async () => {
  const { home, server, setClock } = await start(['--grace', '1']);
  const working = predict(server, 'probe', { images: [await whitePng(10)], sleepMs: 600_000 });
  await untilHealth(server, 'it works', ({ processes }) => processes.some(({ state }) => state === 'busy'));
  const stopping = ocrhubJson(home, ['serving', 'stop', '-p', String(server.port)]);
  setTimeout(() => void setClock(-day), 300);
  expect(opened(await working)).toMatchObject({ http: 503, status: '101' });
  expect(await stopping).toMatchObject({ stopped: true });
  expect(isRunning(server.pid)).toBe(false);
});
