import { once } from 'node:events';
import { request, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { BoundedLog } from '../../../src/runtime/server/bounded-log.js';
import { httpOptions, Listener } from '../../../src/runtime/server/listener.js';
import { freePort } from '../../helpers/home.js';

it.each([
  ['1 MiB', 1024 ** 2, 60 + 64],
  ['64 MiB', 64 * 1024 ** 2, 60 + 64 * 64],
])(
  'the time limit of a request with a body of at most %s is a minute plus its time at 128 kbit/s',
  (_, maxBody, seconds) => {
    expect(httpOptions(maxBody)).toMatchObject({ headersTimeout: 10_000, requestTimeout: seconds * 1000 });
  },
);

it('a server accepts a maximum body that is not a multiple of 16 KiB', () => {
  expect(
    () =>
      new Listener(() => undefined, 10_000_000, {
        log: silent,
        refusals: new BoundedLog(silent),
        isDraining: () => false,
      }),
  ).not.toThrow();
});

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

it('a body that arrives slowly is received completely', async () => {
  const port = await freePort();
  const app = (incoming: NodeJS.ReadableStream, answer: { end: (text: string) => void }): void => {
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => answer.end(String(bytes)));
  };
  const listener = new Listener(app, 1024, { log: silent, refusals: new BoundedLog(silent), isDraining: () => false });
  onTestFinished(() => listener.abort());
  await listener.listen('127.0.0.1', port);
  const answer = new Promise<string>((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', method: 'POST' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text));
    });
    asked.once('error', reject);
    void (async () => {
      for (let i = 0; i < 10; i++) {
        asked.write('x');
        await sleep(50);
      }
      asked.end();
    })();
  });
  expect(await answer).toBe('10');
});

/** A listener that answers with more bytes than the system buffers, and closes connections that take nothing. */
async function startLarge(bytes: number, answerTimeoutMs: number) {
  const port = await freePort();
  let isClosed = false;
  const app = (
    _: object,
    response: { end: (body: Buffer) => void; once: (name: 'close', call: () => void) => void },
  ) => {
    response.once('close', () => (isClosed = true));
    response.end(Buffer.alloc(bytes));
  };
  const listener = new Listener(app, 1024, {
    log: silent,
    refusals: new BoundedLog(silent),
    isDraining: () => false,
    answerTimeoutMs,
  });
  onTestFinished(() => listener.abort());
  await listener.listen('127.0.0.1', port);
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  socket.pause().write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return { socket, isClosed: () => isClosed };
}

/** Takes at most a million bytes at a time, with pauses; returns how many there were. */
async function takeSlowly(socket: Socket, bytes: number, pauseMs: number): Promise<number> {
  let taken = 0;
  let sincePause = 0;
  socket.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    sincePause += chunk.length;
    if (sincePause < 1_000_000) return;
    sincePause = 0;
    socket.pause();
    setTimeout(() => socket.resume(), pauseMs);
  });
  socket.resume();
  await expect.poll(() => taken >= bytes || socket.destroyed, { timeout: 20_000 }).toBe(true);
  return taken;
}

it('the connection of a client that does not take its answer is closed', async () => {
  const { isClosed } = await startLarge(50_000_000, 200);
  await expect.poll(isClosed, { timeout: 10_000 }).toBe(true);
});

it('a client that takes its answer slowly gets all of it', async () => {
  const bytes = 50_000_000;
  const { socket } = await startLarge(bytes, 1000);
  expect(await takeSlowly(socket, bytes, 50)).toBeGreaterThan(bytes);
});

it('a connection that stays open holds nothing of its answered request', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const port = await freePort();
  let body: WeakRef<Buffer> | undefined;
  const app: RequestListener = (incoming, answer) => {
    const held = Buffer.alloc(1e6);
    body = new WeakRef(held);
    Object.assign(incoming, { held });
    answer.end('answered');
  };
  const listener = new Listener(app, 1024, { log: silent, refusals: new BoundedLog(silent), isDraining: () => false });
  onTestFinished(() => listener.abort());
  await listener.listen('127.0.0.1', port);
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  await vi.waitFor(async () => {
    collectGarbage();
    await sleep(10);
    expect(body?.deref()).toBeUndefined();
  }, 3000);
  expect(socket.readyState).toBe('open');
});
