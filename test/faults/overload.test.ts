import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened, send, type Answer } from '../helpers/http.js';
import { installProbe } from '../helpers/module.js';
import { whitePng } from '../helpers/pictures.js';
import { health, predict, startServer, untilHealth, untilLogged, type TestServer } from '../helpers/server.js';

interface Probed {
  readonly pid: number;
  readonly width: number;
}

let home = '';
let narrow: TestServer;
let fiveTasks: TestServer;
let fat: TestServer;
let image = '';
beforeAll(async () => {
  home = await sharedHome();
  image = await whitePng(10);
  await installProbe(home);
  narrow = await startServer(home, { flags: ['-m', 'probe', '--max_queue', '2', '--timeout', '6', '--grace', '5'] });
  fiveTasks = await startServer(home, { flags: ['-m', 'probe', '--max_tasks', '5', '--grace', '5'] });
  fat = await startServer(home, { flags: ['-m', 'probe', '--max_memory', '500MiB', '--grace', '5'] });
});
afterAll(() => removeHome(home));

function ask(
  server: TestServer,
  fields: Record<string, unknown>,
  images: readonly string[] = [image],
  signal?: AbortSignal,
): Promise<Answer> {
  return predict(server, 'probe', { images, ...fields }, signal === undefined ? {} : { signal });
}

function results(answer: Answer): Probed[] {
  expect(opened(answer)).toMatchObject({ http: 200, msg: '', status: '000' });
  return opened<Probed[]>(answer).results;
}

function newFile(): string {
  return path.join(home, randomUUID());
}

async function untilBusy(server: TestServer): Promise<void> {
  await untilHealth(server, 'a busy process', ({ processes }) => processes.some((p) => p.state === 'busy'));
}

it('a request beyond max_queue gets 429 with Retry-After at once, and the waiting ones are answered', async () => {
  const work = ask(narrow, { sleepMs: 2000 });
  await untilBusy(narrow);
  const waiting = [ask(narrow, {}), ask(narrow, {})];
  await untilHealth(narrow, 'two wait', ({ queued }) => queued === 2);
  const start = performance.now();
  const answer = await ask(narrow, {});
  // The documented time is 50 ms; ten times that still distinguishes a refusal from waiting on a busy machine.
  expect(performance.now() - start).toBeLessThan(500);
  expect(opened(answer)).toEqual({
    http: 429,
    msg: 'The queue is full: 2 requests are waiting',
    results: '',
    status: '101',
  });
  expect(answer.headers['retry-after']).toBe('1');
  for (const other of await Promise.all([work, ...waiting])) results(other);
  results(await ask(narrow, {}));
});

it('a request beyond max_queue gets 429 before its body has arrived', async () => {
  const work = ask(narrow, { sleepMs: 3000 });
  await untilBusy(narrow);
  const waiting = [ask(narrow, {}), ask(narrow, {})];
  await untilHealth(narrow, 'two wait', ({ queued }) => queued === 2);
  const body = new Readable({ read: () => undefined });
  body.push('{"images":["');
  const start = performance.now();
  const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
  const answer = await send(`${narrow.url}/predict/probe`, { method: 'POST', headers, body });
  expect(performance.now() - start).toBeLessThan(1000);
  expect(opened(answer).http).toBe(429);
  expect(answer.headers.connection).toBe('close');
  for (const other of await Promise.all([work, ...waiting])) results(other);
});

it('bodies that stop arriving hold no place in the queue and get 408', async () => {
  const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
  const halves = Array.from({ length: 20 }, () => {
    const body = new Readable({ read: () => undefined });
    body.push('{"images":["');
    return send(`${narrow.url}/predict/probe`, { method: 'POST', headers, body });
  });
  for (let i = 0; i < 10; i++) results(await ask(narrow, {}));
  for (const answer of await Promise.all(halves)) {
    expect(opened(answer)).toMatchObject({
      http: 408,
      msg: 'The body stopped arriving: nothing came for 10 s',
      status: '101',
    });
    expect(answer.headers.connection).toBe('close');
  }
  results(await ask(narrow, {}));
});

it('a server with max_queue 0 accepts only requests that it can start at once', async () => {
  const server = await startServer(home, { flags: ['-m', 'probe', '--max_queue', '0', '--grace', '5'] });
  const work = ask(server, { sleepMs: 1000 });
  await untilBusy(server);
  expect(opened(await ask(server, {}))).toMatchObject({ http: 429, msg: 'The queue is full: 0 requests are waiting' });
  results(await work);
  results(await ask(server, {}));
});

it('a running request that misses its deadline gets 504, and its process is replaced', async () => {
  const [before] = (await health(narrow)).processes;
  const late = ask(narrow, { blockMs: 60_000 });
  await untilBusy(narrow);
  // Waits behind the late request for less than the timeout.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const behind = ask(narrow, {});
  expect(opened(await late)).toEqual({
    http: 504,
    msg: 'The request took longer than 6 s',
    results: '',
    status: '101',
  });
  const [entry] = results(await behind);
  expect(entry?.pid).not.toBe(before?.pid);
  expect((await health(narrow)).processes.map(({ pid }) => pid)).toEqual([entry?.pid]);
});

it('a waiting request that misses its deadline gets 504 and is never started; the running one is answered', async () => {
  const mark = newFile();
  const first = ask(narrow, { sleepMs: 5000 });
  await untilBusy(narrow);
  // The first of the two misses its deadline while it runs, the other while it waits.
  const late = [ask(narrow, { sleepMs: 5000, mark }), ask(narrow, { sleepMs: 5000, mark })];
  results(await first);
  for (const answer of await Promise.all(late)) expect(opened(answer)).toMatchObject({ http: 504, status: '101' });
  expect(readFileSync(mark, 'utf8').trim().split('\n')).toHaveLength(1);
  results(await ask(narrow, {}));
});

it('a waiting request of a client that disconnects is never started', async () => {
  const [work, kept, dropped] = [newFile(), newFile(), newFile()];
  const first = ask(narrow, { sleepMs: 1000, mark: work });
  await untilBusy(narrow);
  const controller = new AbortController();
  const leaving = ask(narrow, { mark: dropped }, [image], controller.signal);
  await untilHealth(narrow, 'one waits', ({ queued }) => queued === 1);
  controller.abort();
  await expect(leaving).rejects.toThrow();
  await untilHealth(narrow, 'its place is free', ({ queued }) => queued === 0);
  results(await first);
  results(await ask(narrow, { mark: kept }));
  expect([work, kept, dropped].map((file) => existsSync(file))).toEqual([true, true, false]);
});

it('the waiting pictures of a client that disconnects are never started', async () => {
  const mark = newFile();
  const controller = new AbortController();
  const images = Array.from({ length: 30 }, () => image);
  const leaving = ask(narrow, { sleepMs: 300, mark }, images, controller.signal);
  await untilBusy(narrow);
  controller.abort();
  await expect(leaving).rejects.toThrow();
  results(await ask(narrow, {}));
  expect(readFileSync(mark, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(3);
});

it('a request of one picture does not wait for an earlier request of thirty', async () => {
  const many = ask(
    narrow,
    { sleepMs: 100 },
    Array.from({ length: 30 }, () => image),
  );
  await untilBusy(narrow);
  let manyAnswered = false;
  void many.then(
    () => (manyAnswered = true),
    () => undefined,
  );
  results(await ask(narrow, {}));
  expect(manyAnswered).toBe(false);
  expect(results(await many)).toHaveLength(30);
});

it('a process is replaced after max_tasks without failing a request', async () => {
  const pids = new Set<number>();
  // A process works until its successor is ready.
  for (let round = 0; pids.size < 3 && round < 200; round++) {
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(fiveTasks, { sleepMs: 50 })));
    for (const answer of answers) for (const { pid } of results(answer)) pids.add(pid);
  }
  expect(pids.size).toBe(3);
  const { why } = await untilLogged(fiveTasks.logFile, ({ msg }) => msg === 'inference process is replaced');
  expect(why).toMatch(/^it did \d+ tasks$/);
});

it('a process is replaced when its memory exceeds max_memory without failing a request', async () => {
  const [entry] = results(await ask(fat, { keepMiB: 600 }));
  for (let i = 0; i < 3; i++) results(await ask(fat, {}));
  await untilHealth(fat, 'only others', ({ processes }) =>
    processes.every(({ pid, state }) => pid !== entry?.pid && state === 'idle'),
  );
  const line = await untilLogged(fat.logFile, ({ msg }) => msg === 'inference process is replaced');
  expect(line.pid).toBe(entry?.pid);
  expect(line.why).toMatch(/^its memory is \d+ bytes$/);
  results(await ask(fat, {}));
});
