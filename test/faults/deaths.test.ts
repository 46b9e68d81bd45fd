import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OomKills } from '../../src/runtime/process/oom-kills.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { opened, send, type Answer } from '../helpers/http.js';
import { startForeground } from '../helpers/foreground.js';
import { installProbe } from '../helpers/module.js';
import { whitePng } from '../helpers/pictures.js';
import {
  health,
  isRunning,
  predict,
  untilLogged,
  startServer,
  until,
  untilHealth,
  type TestServer,
} from '../helpers/server.js';

interface Probed {
  readonly pid: number;
  readonly width: number;
}

/** Without the kernel's counter of kills, a guess about memory follows the signal. */
const killed = new OomKills().explain('SIGKILL');

let home = '';
let pair: TestServer;
let single: TestServer;
let image = '';
beforeAll(async () => {
  home = await sharedHome();
  image = await whitePng(10);
  await installProbe(home);
  pair = await startServer(home, { flags: ['-m', 'probe', '--use_multiprocess', '--workers', '2', '--grace', '5'] });
  single = await startServer(home, { flags: ['-m', 'probe', '--grace', '5'] });
});
afterAll(() => removeHome(home));

const cores = os.availableParallelism();
const oneCore = cores < 2 ? ' (skipped: needs two cores)' : '';

function ask(
  server: TestServer,
  fields: Record<string, unknown>,
  images: readonly string[] = [image],
): Promise<Answer> {
  return predict(server, 'probe', { images, ...fields });
}

function results(answer: Answer): Probed[] {
  expect(opened(answer)).toMatchObject({ http: 200, msg: '', status: '000' });
  return opened<Probed[]>(answer).results;
}

function newFile(): string {
  return path.join(home, randomUUID());
}

it.skipIf(oneCore !== '')(
  `the pictures of a request are shared by the processes and answered in order${oneCore}`,
  async () => {
    const widths = [11, 12, 13, 14, 15, 16, 17, 18];
    const images = await Promise.all(widths.map((width) => whitePng(width)));
    const entries = results(await ask(pair, { sleepMs: 100 }, images));
    expect(entries.map(({ width }) => width)).toEqual(widths);
    expect(new Set(entries.map(({ pid }) => pid)).size).toBe(2);
  },
);

it.skipIf(oneCore !== '')(`no request fails when a working process is killed with kill -9${oneCore}`, async () => {
  const before = (await health(pair)).processes.map(({ pid }) => pid);
  const requests = Array.from({ length: 6 }, () => ask(pair, { sleepMs: 500 }));
  const busy = await untilHealth(pair, 'both at work', ({ processes }) => processes.every((p) => p.state === 'busy'));
  const victim = busy.processes[0]?.pid ?? 0;
  process.kill(victim, 'SIGKILL');
  for (const answer of await Promise.all(requests)) expect(results(answer)[0]?.pid).not.toBe(victim);
  const after = await untilHealth(
    pair,
    'two again',
    ({ processes }) => processes.filter((p) => p.state === 'idle').length === 2,
  );
  expect(after.status).toBe('ready');
  expect(after.processes.map(({ pid }) => pid)).toContain(before.find((pid) => pid !== victim));
  await untilLogged(pair.logFile, ({ msg, pid }) => msg === 'inference process ended' && pid === victim);
});

it('a request whose process dies is repeated by another process', async () => {
  const [once, mark] = [newFile(), newFile()];
  const [entry] = results(await ask(single, { dieUnless: once, mark }));
  const runs = await marks(mark);
  expect(runs).toHaveLength(2);
  expect(runs[1]).toBe(entry?.pid);
  expect(runs[0]).not.toBe(runs[1]);
});

it('a request that crashes two processes is 503 "101", and the other requests are answered', async () => {
  const mark = newFile();
  const poison = ask(pair, { die: true, mark });
  const others = Array.from({ length: 6 }, () => ask(pair, { sleepMs: 100 }));
  const answer = await poison;
  expect(opened(answer)).toEqual({
    http: 503,
    msg: `The inference process ended twice while it worked on this request (${killed})`,
    results: '',
    status: '101',
  });
  expect(answer.headers['retry-after']).toBe('1');
  expect(await marks(mark)).toHaveLength(2);
  for (const other of await Promise.all(others)) results(other);
  await untilHealth(
    pair,
    'all again',
    ({ processes }) => processes.filter((p) => p.state === 'idle').length === Math.min(2, cores),
  );
});

it('only the picture that crashed a process is repeated, not the other pictures of its request', async () => {
  const [once, mark] = [newFile(), newFile()];
  const images = await Promise.all([21, 22, 23, 24].map((width) => whitePng(width)));
  const entries = results(await ask(single, { dieUnless: once, mark }, images));
  expect(entries.map(({ width }) => width)).toEqual([21, 22, 23, 24]);
  expect(await marks(mark)).toHaveLength(5);
});

it('after five requests in a row that crash a process, a detached server is not ready and says why, and one in the foreground exits with an error', async () => {
  const port = await freePort();
  const foreground = await startForeground(home, port, ['-m', 'probe']);
  try {
    const dying = [single, foreground].map(async (server) => {
      for (let i = 0; i < 4; i++) {
        expect(opened(await ask(server, { die: true }))).toMatchObject({ http: 503, status: '101' });
      }
      // The fifth ends the server in the foreground, possibly before it answers.
      return ask(server, { die: true }).catch(() => undefined);
    });
    const [last] = await Promise.all(dying);

    const why = `inference processes ended with 5 requests or starts in a row without one good answer (${killed})`;
    expect(last === undefined ? undefined : opened(last)).toMatchObject({
      http: 503,
      status: '101',
      msg: `The server is failed: ${why}`,
    });
    const ready = await send(`${single.url}/health/ready`);
    expect([ready.http, JSON.parse(ready.text)]).toEqual([503, { status: 'failed', reason: why }]);
    expect(opened(await ask(single, {}))).toMatchObject({
      http: 503,
      status: '101',
      msg: `The server is failed: ${why}`,
    });
    expect((await send(`${single.url}/health/live`)).http).toBe(200);

    expect(await foreground.ended).toEqual({ code: 5, signal: null });
    await until(
      'the inference processes are gone',
      () => Promise.resolve(foreground.pids.filter(isRunning)),
      (left) => left.length === 0,
    );
  } finally {
    foreground.kill();
  }
});

/** The ids that processes appended to a file, one for each picture they started. */
async function marks(file: string): Promise<number[]> {
  return (await readFile(file, 'utf8')).trim().split('\n').map(Number);
}
