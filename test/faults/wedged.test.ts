import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { startForeground } from '../helpers/foreground.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { installModule, installProbe } from '../helpers/module.js';
import { whitePng } from '../helpers/pictures.js';
import {
  isRunning,
  predict,
  readLog,
  startServer,
  until,
  untilHealth,
  type LogLine,
  type TestServer,
} from '../helpers/server.js';

let home = '';
let image = '';
beforeAll(async () => {
  home = await sharedHome();
  image = await whitePng(10);
  await installProbe(home);
});
afterAll(() => removeHome(home));

/** From the process table, because the server does not listen yet. */
function parentOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
}

const stateFile = ({ port }: TestServer): string => path.join(home, 'serving', `${port}.json`);

it('a blocked process is replaced after the timeout even if its client has disconnected', async () => {
  const server = await startServer(home, { flags: ['-m', 'probe', '--timeout', '2'] });
  const { processes } = await untilHealth(server, 'ready', ({ status }) => status === 'ready');
  const gone = new AbortController();
  const lost = predict(server, 'probe', { images: [image], blockMs: 600_000 }, { signal: gone.signal });
  await untilHealth(server, 'at work', (health) => health.processes.some(({ state }) => state === 'busy'));
  gone.abort();
  await expect(lost).rejects.toThrow();

  await untilHealth(server, 'replaced', (health) =>
    health.processes.some(({ pid, state }) => pid !== processes[0]?.pid && state === 'idle'),
  );
  expect(opened(await predict(server, 'probe', { images: [image] })).http).toBe(200);
});

it('serving stop kills a server that is suspended by SIGSTOP', async () => {
  const server = await startServer(home, { flags: ['-m', 'probe', '--grace', '1'] });
  process.kill(server.pid, 'SIGSTOP');
  const { code, stdout } = await ocrhub(home, ['serving', 'stop', '-p', String(server.port)]);

  expect(code).toBe(0);
  expect(stdout).toContain('was killed');
  expect(isRunning(server.pid)).toBe(false);
});

it('a server is found after the clock was changed', async () => {
  const server = await startServer(home, { flags: ['-m', 'probe'] });
  const state = JSON.parse(await readFile(stateFile(server), 'utf8')) as { startTime: number };
  await writeFile(stateFile(server), JSON.stringify({ ...state, startTime: state.startTime - 3_600_000 }));

  const { servers } = await ocrhubJson<{ servers: { port: number }[] }>(home, ['serving', 'status']);
  expect(servers.map(({ port }) => port)).toContain(server.port);
});

it('a signal during the start ends the server and the loading process', async () => {
  await installModule(
    home,
    `name: 'slow_start', version: '1.0.0',
     initialize: () => new Promise((resolve) => setTimeout(resolve, 600_000)),
     predict: () => null,`,
  );
  const port = await freePort();
  const starting = startForeground(home, port, ['-m', 'slow_start']);
  const log = (): Promise<LogLine[]> => readLog(path.join(home, 'logs', `${port}.log`)).catch(() => []);
  const [started] = await until('a process is loading', log, (lines) => lines.length > 0);
  const inference = started?.pid ?? 0;
  const server = parentOf(inference);
  onTestFinished(() => {
    for (const pid of [server, inference]) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  process.kill(server, 'SIGTERM');
  await expect(starting).rejects.toThrow(/it ended with 0:[^]*The server was stopped before it was ready/);
  await until(
    'both have ended',
    () => Promise.resolve([server, inference].filter(isRunning)),
    (left) => left.length === 0,
  );
});

it('a cold restart needs and keeps the token', async () => {
  const server = await startServer(home, { flags: ['-m', 'probe'], env: { OCRHUB_TOKEN: 'open sesame' } });
  const flags = ['serving', 'restart', '--cold', '-p', String(server.port)];
  const refused = await ocrhub(home, flags);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('asks for a token');
  expect((await predict(server, 'probe', { images: [image] })).http).toBe(401);

  const restarted = await ocrhub(home, flags, { env: { OCRHUB_TOKEN: 'open sesame' } });
  expect(restarted.code).toBe(0);
  expect((await predict(server, 'probe', { images: [image] })).http).toBe(401);
  const headers = { Authorization: 'Bearer open sesame' };
  expect((await predict(server, 'probe', { images: [image] }, { headers })).http).toBe(200);
});
