import { existsSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askServer } from '../../src/runtime/servers/control/ask.js';
import { homeAt } from '../../src/runtime/config/home.js';
import { ocrhubJson } from '../helpers/cli.js';
import { startForeground, type ForegroundServer } from '../helpers/foreground.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { opened, send, type Answer } from '../helpers/http.js';
import { installProbe } from '../helpers/module.js';
import { whitePng } from '../helpers/pictures.js';
import { health, isRunning, predict, startServer, until, untilHealth, type TestServer } from '../helpers/server.js';

let home = '';
let image = '';
beforeAll(async () => {
  home = await sharedHome();
  image = await whitePng(10);
  await installProbe(home);
});
afterAll(() => removeHome(home));

const two = ['--use_multiprocess', '--workers', '2'];

function ask(server: { url: string }, fields: Record<string, unknown>): Promise<Answer> {
  const answer = predict(server, 'probe', { images: [image], ...fields });
  // A rejection must not be reported a second time if the test fails before it awaits the answer.
  answer.catch(() => undefined);
  return answer;
}

async function untilGone(pids: readonly number[], seconds: number): Promise<void> {
  const left = (): Promise<number[]> => Promise.resolve(pids.filter(isRunning));
  await until('the inference processes are gone', left, (running) => running.length === 0, seconds);
}

async function untilRefused({ url }: { url: string }): Promise<void> {
  const connect = (): Promise<string> =>
    send(`${url}/health/live`).then(
      () => 'accepted',
      (error: unknown) => String(error),
    );
  await until('new connections are refused', connect, (outcome) => outcome.includes('ECONNREFUSED'));
}

function stateFile({ port }: { port: number }): string {
  return path.join(home, 'serving', `${port}.json`);
}

async function foreground(flags: readonly string[] = []): Promise<ForegroundServer> {
  const server = await startForeground(home, await freePort(), ['-m', 'probe', ...flags]);
  onTestFinished(server.kill);
  return server;
}

describe('after kill -9 of a server', () => {
  async function killServer(server: TestServer): Promise<number[]> {
    const pids = (await health(server)).processes.map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(0);
    process.kill(server.pid, 'SIGKILL');
    return pids;
  }

  // The documented time is 2 s; a busy machine may take twice as long.
  it('its inference processes end soon, even while they compute, and the port can be used again', async () => {
    const server = await startServer(home, { flags: ['-m', 'probe', ...two] });
    const work = [ask(server, { blockMs: 60_000 }), ask(server, { blockMs: 60_000 })];
    const lost = Promise.allSettled(work);
    await untilHealth(server, 'all at work', ({ processes }) => processes.every((p) => p.state === 'busy'));
    await untilGone(await killServer(server), 4);
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(existsSync(stateFile(server))).toBe(true);

    const next = await startServer(home, { flags: ['-m', 'probe'], port: server.port });
    expect([next.port, next.pid === server.pid]).toEqual([server.port, false]);
    expect(opened(await ask(next, {}))).toMatchObject({ http: 200 });
    await untilGone(await killServer(next), 4);
  });
});

describe('a server that gets SIGTERM', () => {
  it('answers running and waiting requests, refuses new connections, exits with 0 and removes its files', async () => {
    const server = await foreground();
    const work = [ask(server, { sleepMs: 2000 }), ask(server, { sleepMs: 300 }), ask(server, { sleepMs: 300 })];
    await untilHealth(server, 'two wait', ({ queued }) => queued === 2);
    expect(existsSync(stateFile(server))).toBe(true);
    process.kill(server.pid, 'SIGTERM');
    await untilRefused(server);
    const answers = await Promise.all(work);
    expect(answers.map((answer) => opened(answer).http)).toEqual([200, 200, 200]);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(stateFile(server))).toBe(false);
    expect(server.pids.filter(isRunning)).toEqual([]);
  });

  it('answers a request whose body is still arriving, and closes its connection', async () => {
    const server = await foreground();
    const work = ask(server, { sleepMs: 2000 });
    const body = new Readable({ read: () => undefined });
    body.push('{"images":["');
    const late = send(`${server.url}/predict/probe`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      body,
    });
    await untilHealth(server, 'at work', ({ processes }) => processes.some((p) => p.state === 'busy'));
    process.kill(server.pid, 'SIGTERM');
    await untilRefused(server);
    body.push(`${image}"]}`);
    body.push(null);
    const answer = await late;
    expect(opened(answer).http).toBe(200);
    expect(answer.headers.connection).toBe('close');
    expect(opened(await work).http).toBe(200);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('replaces a process that crashes while requests wait', async () => {
    const server = await foreground();
    const once = path.join(home, `once-${server.port}`);
    const work = [ask(server, { sleepMs: 1500, dieUnless: once }), ask(server, {})];
    await untilHealth(server, 'one waits', ({ queued }) => queued === 1);
    process.kill(server.pid, 'SIGTERM');
    expect((await Promise.all(work)).map((answer) => opened(answer).http)).toEqual([200, 200]);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('answers 503 to requests that take longer than the grace', async () => {
    const server = await foreground(['--grace', '1']);
    const work = ask(server, { blockMs: 60_000 });
    await untilHealth(server, 'at work', ({ processes }) => processes.some((p) => p.state === 'busy'));
    process.kill(server.pid, 'SIGTERM');
    expect(opened(await work)).toMatchObject({ http: 503, status: '101' });
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await untilGone(server.pids, 10);
  });

  it('does the same after SIGHUP, which a closed terminal sends to all its processes, possibly twice', async () => {
    const server = await foreground();
    const work = [ask(server, { sleepMs: 1500 }), ask(server, { sleepMs: 300 })];
    await untilHealth(server, 'one waits', ({ queued }) => queued === 1);
    for (const pid of [server.pid, ...server.pids, server.pid]) process.kill(pid, 'SIGHUP');
    expect((await Promise.all(work)).map((answer) => opened(answer).http)).toEqual([200, 200]);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(stateFile(server))).toBe(false);
  });

  it('ends at once after a second SIGTERM', async () => {
    const server = await foreground();
    const lost = ask(server, { blockMs: 60_000 }).then(
      (answer) => opened(answer).http,
      () => 'lost',
    );
    await untilHealth(server, 'at work', ({ processes }) => processes.some((p) => p.state === 'busy'));
    process.kill(server.pid, 'SIGTERM');
    await untilRefused(server);
    process.kill(server.pid, 'SIGTERM');
    const { code, signal } = await server.ended;
    expect([code, signal]).toEqual([130, null]);
    expect([503, 'lost']).toContain(await lost);
    await untilGone(server.pids, 10);
    expect(existsSync(stateFile(server))).toBe(false);
  });

  it('still finishes its work if serving stop used the control socket before it sent SIGTERM', async () => {
    const server = await foreground();
    const work = ask(server, { sleepMs: 2000 });
    await untilHealth(server, 'at work', ({ processes }) => processes.some((p) => p.state === 'busy'));
    await stopByControl(server);
    process.kill(server.pid, 'SIGTERM');
    await stopByControl(server);
    expect(opened(await work).http).toBe(200);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('ends at once after another SIGTERM that follows such a command', async () => {
    const server = await foreground();
    void ask(server, { blockMs: 60_000 });
    await untilHealth(server, 'at work', ({ processes }) => processes.some((p) => p.state === 'busy'));
    await stopByControl(server);
    process.kill(server.pid, 'SIGTERM');
    // Two signals at the same time would arrive as one.
    await sleep(500);
    process.kill(server.pid, 'SIGTERM');
    expect(await server.ended).toEqual({ code: 130, signal: null });
  });
});

async function stopByControl({ port }: ForegroundServer): Promise<void> {
  await askServer(homeAt(home, path.join(home, 'config.json')), { port }, { action: 'stop' });
}

it('a server in the foreground continues after its stderr was closed', async () => {
  const server = await foreground();
  server.closeStderr();
  for (let i = 0; i < 3; i++) expect(opened(await ask(server, {})).http).toBe(200);
  process.kill(server.pid, 'SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
});

it('serving restart refuses to replace a dead foreground server by a detached one', async () => {
  const server = await foreground();
  process.kill(server.pid, 'SIGKILL');
  await server.ended;
  const { error } = await ocrhubJson<{ error: { code: string; hint: string } }>(
    home,
    ['serving', 'restart', '-p', String(server.port)],
    4,
  );
  expect(error.code).toBe('server_in_foreground');
  expect(error.hint).toContain(`ocrhub serving stop -p ${server.port}`);
  await untilRefused(server);
});
