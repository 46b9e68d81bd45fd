import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { sendRequest } from '../../../src/runtime/client/http-request.js';
import { freePort } from '../../helpers/home.js';

/** Ports that `fetch` blocks. */
const forbidden = [6665, 6666, 6667, 6668, 6669, 6697, 10080];

async function listen(server: Server, ports: readonly number[]): Promise<string> {
  onTestFinished(() => void server.close());
  for (const port of ports) {
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (free) return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  throw new Error(`none of ${ports.join(', ')} is free`);
}

it('a request reaches a server on a port that fetch blocks', async () => {
  const url = await listen(
    createServer((_request, response) => response.end('here')),
    forbidden,
  );
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(await sendRequest(url, { timeout: 5000 })).toMatchObject({ http: 200, text: 'here' });
});

it('a request receives a refusal while its body is still being sent', async () => {
  const server = createServer((request, response) => {
    response.writeHead(413, { Connection: 'close' }).end('too large', () => request.destroy());
  });
  const body = 'x'.repeat(50_000_000);
  expect(await sendRequest(await listen(server, [0]), { method: 'POST', body, timeout: 20_000 })).toMatchObject({
    http: 413,
    text: 'too large',
  });
});

it.each([
  ['nobody is there', async () => `http://localhost:${await freePort()}`, /ECONNREFUSED/],
  ['no answer comes', () => listen(createServer(), [0]), /^no answer within 0\.3 s$/],
  [
    'the answer breaks off',
    () => {
      const broken = createServer((_request, response) => {
        response.writeHead(200, { 'Content-Length': 10 }).write('half', () => response.destroy());
      });
      return listen(broken, [0]);
    },
    /./,
  ],
])('a request fails with the reason when %s', async (_, start, problem) => {
  const timeout = problem.source.includes('no answer') ? 300 : 10_000;
  await expect(sendRequest(await start(), { timeout })).rejects.toThrow(problem);
});
