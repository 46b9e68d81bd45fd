import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
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
  expect(() => new Listener(() => undefined, 10_000_000, { log: silent, isDraining: () => false })).not.toThrow();
});

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

it('a body that arrives slowly is received completely', async () => {
  const port = await freePort();
  const app = (incoming: NodeJS.ReadableStream, answer: { end: (text: string) => void }): void => {
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => answer.end(String(bytes)));
  };
  const listener = new Listener(app, 1024, { log: silent, isDraining: () => false });
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
