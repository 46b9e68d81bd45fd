import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer } from 'node:http';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readKeyPair, type KeyPair } from '../../../src/runtime/server/key-pair.js';
import { BoundedLog } from '../../../src/runtime/server/bounded-log.js';
import { Listener } from '../../../src/runtime/server/listener.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { startLinesServer } from '../../helpers/lines-server.js';
import { send } from '../../helpers/http.js';

interface Logged {
  readonly httpStatus: number;
  readonly message: string;
}

/** A listener whose answers to GET /slow come when `finish` is called. */
async function start(keyPair?: KeyPair) {
  const port = await freePort();
  const logged: Logged[] = [];
  const log = {
    info: (fields: object) => void logged.push(fields as Logged),
    warn: () => undefined,
    error: () => undefined,
  };
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const gone: string[] = [];
  const handler = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) gone.push(request.url ?? '');
    });
    if (request.url === '/large') response.end(Buffer.alloc(50_000_000));
    else void (request.url === '/slow' ? finished : Promise.resolve()).then(() => response.end('answer'));
  });
  const app = (...args: Parameters<Parameters<typeof createServer>[1] & object>): void =>
    void handler.emit('request', ...args);
  const listener = new Listener(app, 1024, { log, refusals: new BoundedLog(log), keyPair, isDraining: () => false });
  onTestFinished(() => listener.abort());
  await listener.listen('127.0.0.1', port);
  return { listener, port, logged, gone, finish };
}

function open(port: number, text = ''): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  if (text !== '') socket.write(text);
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function received(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}

const head = 'HTTP/1.1\r\nHost: localhost\r\n';

/** An hour: the test fails by its own limit if a connection holds the stop. */
const grace = 3_600_000;

describe('stopping a listener', () => {
  it.each([
    ['silent', ''],
    ['with half a first line', 'GET /he'],
    ['with half of the headers', `POST /x ${head}Content-Ty`],
    ['with half a body', `POST /slow ${head}Content-Length: 1000\r\n\r\n{"images`],
    ['with half a chunked body', `POST /slow ${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`],
    ['that was used and is kept', `GET / ${head}\r\n`],
    ['whose client does not take a large answer', `GET /large ${head}\r\n`],
  ])('does not wait for a connection %s', async (_, text) => {
    const { listener, port } = await start();
    const socket = open(port, text);
    socket.pause();
    await sleep(100);
    await listener.close(grace, () => Promise.resolve());
  });

  it('does not wait for a connection that sends a byte now and then', async () => {
    const { listener, port } = await start();
    const socket = open(port, `POST /slow ${head}Content-Length: 1000000\r\n\r\n`);
    const timer = setInterval(() => socket.write('x'), 50);
    onTestFinished(() => clearInterval(timer));
    await sleep(100);
    await listener.close(grace, () => Promise.resolve());
  });

  it('waits for the requests that are in work', async () => {
    const { listener, port, finish } = await start();
    const answer = received(open(port, `GET /slow ${head}Connection: close\r\n\r\n`));
    open(port);
    await sleep(100);
    let isClosed = false;
    const closed = listener.close(grace, () => Promise.resolve()).then(() => (isClosed = true));
    await sleep(1500);
    expect(isClosed).toBe(false);
    finish();
    expect(await answer).toMatch(/answer$/);
    await closed;
  });
});

describe('a client that closes its half of the connection', () => {
  it('gets its answer', async () => {
    const { port, finish } = await start();
    const socket = open(port);
    socket.end(`GET /slow ${head}\r\n`);
    setTimeout(finish, 300);
    expect(await received(socket)).toMatch(/^(HTTP\/1\.1 100 Continue\r\n\r\n)+HTTP\/1\.1 200 OK\r\n[^]*answer$/);
  });

  it('and has gone away altogether is noticed while its request is in work', async () => {
    const { port, gone } = await start();
    const socket = open(port, `GET /slow ${head}\r\n`);
    await sleep(100);
    socket.destroy();
    await expect.poll(() => gone, { timeout: 5000 }).toEqual(['/slow']);
  });
});

describe('bytes that are no request', () => {
  it.each([
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400, 'request_malformed', '112'],
    ['two lengths', `POST / ${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400, 'request_malformed', '112'],
    ['a NUL in a name', `GET / ${head}A\x00: b\r\n\r\n`, 400, 'request_malformed', '112'],
    ['long headers', `GET / ${head}A: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large', '112'],
    ['a long address', `GET /${'a'.repeat(20_000)} ${head}\r\n`, 414, 'target_too_long', '112'],
    ['a long query', `GET /?image=${'a'.repeat(300_000)} ${head}\r\n`, 414, 'target_too_long', '112'],
    ['a long address of POST', `POST http://a/${'%20'.repeat(9000)} ${head}\r\n`, 414, 'target_too_long', '112'],
    ['many headers', `GET / ${head}${`A: ${'b'.repeat(20)}\r\n`.repeat(1000)}\r\n`, 431, 'headers_too_large', '112'],
    ['a long name of a header', `GET / ${head}${'A'.repeat(20_000)}: b\r\n\r\n`, 431, 'headers_too_large', '112'],
    [
      'headers that are too long with the address',
      `GET /${'a'.repeat(15_000)} ${head}A: ${'a'.repeat(3000)}\r\n\r\n`,
      431,
      'headers_too_large',
      '112',
    ],
    [
      'long extensions of chunks',
      `POST /slow ${head}Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n`,
      413,
      'chunks_too_large',
      '101',
    ],
    ['a tunnel', `CONNECT 10.0.0.1:22 ${head}\r\nSSH-2.0-x\r\n`, 405, 'method_not_allowed', '112'],
    ['a tunnel to nowhere', `CONNECT / ${head}\r\n`, 405, 'method_not_allowed', '112'],
  ])('%s: the answer is an envelope, and the log has a line', async (_, text, status, code, hub) => {
    const { port, logged } = await start();
    const answer = await received(open(port, text));
    const [headers = '', body = ''] = answer.split('\r\n\r\n');
    expect(headers).toContain(`HTTP/1.1 ${status} `);
    expect(headers).toContain(`X-Ocrhub-Error: ${code}`);
    expect(headers).toContain('Cache-Control: no-store');
    const { msg, ...rest } = JSON.parse(body) as { msg: string };
    expect(rest).toEqual({ results: '', status: hub });
    expect(logged).toMatchObject([{ httpStatus: status, message: msg, from: '127.0.0.1' }]);
  });
});

it.each([
  ['alone', `CONNECT x:1 ${head}\r\n`],
  ['behind a request that is in work', `GET /slow ${head}\r\nCONNECT x:1 ${head}\r\n`],
])('a tunnel whose client hangs up at once ends nothing: %s', async (_, text) => {
  const { port, finish } = await start();
  for (let i = 0; i < 20; i++) {
    const socket = open(port, text);
    await once(socket, 'connect');
    if (i % 2 === 1) await sleep(5);
    socket.resetAndDestroy();
  }
  await sleep(200);
  finish();
  expect(await received(open(port, `GET / ${head}Connection: close\r\n\r\n`))).toMatch(/answer$/);
});

it('HTTP/1.0 needs no host', async () => {
  const { port } = await start();
  expect(await received(open(port, 'GET / HTTP/1.0\r\n\r\n'))).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*answer$/);
});

describe('bytes that are no request, behind a request', () => {
  const rest = 'no request\r\n\r\n';

  it.each([
    ['that is in work', `GET /slow ${head}\r\n${rest}`],
    ['with a body', `POST /slow ${head}Content-Length: 2\r\n\r\n{}${rest}`],
    ['that ends its connection', `GET /slow ${head}Connection: close\r\n\r\n${rest}`],
    ['whose answer is under way', `GET / ${head}\r\n${rest}`],
    ['that expects the impossible', `GET / ${head}Expect: x\r\n\r\n${rest}`],
    ['before a tunnel', `GET /slow ${head}\r\nCONNECT 10.0.0.1:22 ${head}\r\n`],
  ])('leave the request its answer, which is the last: a request %s', async (_, text) => {
    const { port, finish } = await start();
    setTimeout(finish, 300);
    const answer = await received(open(port, text));
    expect(answer.match(/HTTP\/1\.1 [^1]\d\d /g)).toEqual(['HTTP/1.1 200 ']);
    expect(answer).toMatch(/answer$/);
  });

  it('are answered if the request has its answer', async () => {
    const { port } = await start();
    const socket = open(port, `GET / ${head}\r\n`);
    const answer = received(socket);
    await sleep(300);
    socket.write(rest);
    expect((await answer).match(/HTTP\/1\.1 \d\d\d /g)).toEqual(['HTTP/1.1 200 ', 'HTTP/1.1 400 ']);
  });

  it('in the body of a request that was answered before do not bring a second answer', async () => {
    const { port } = await start();
    const answer = await received(open(port, `POST / ${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`));
    expect(answer.match(/HTTP\/1\.1 \d\d\d /g)).toHaveLength(1);
  });
});

it('an expectation that is not 100-continue gets 417 in the form of the protocol', async () => {
  const { url } = await startLinesServer();
  const { http, text } = await send(`${url}/predict/ocr_system`, {
    method: 'POST',
    body: '{}',
    headers: { Expect: 'x' },
  });
  expect([http, JSON.parse(text)]).toMatchObject([417, { results: '', status: '112' }]);
});

describe('a client that speaks another protocol', () => {
  it.each([
    [
      'TLS',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'TLS, and this port speaks HTTP/1.1 without TLS; expected an address that begins with http://',
    ],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HTTP/2, and this port'],
    ['the PROXY protocol', `PROXY TCP4 10.0.0.1 10.0.0.2 5 80\r\nGET / ${head}\r\n`, 'the PROXY protocol, and'],
    ['the PROXY protocol 2', '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c', 'the PROXY protocol, and'],
    ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n', 'SSH, and this port'],
  ])('learns that the port does not speak %s', async (_, bytes, words) => {
    const { port, logged } = await start();
    const socket = open(port);
    socket.write(Buffer.from(bytes, 'latin1'));
    const text = await received(socket);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain(`the first bytes are those of ${words}`);
    expect(logged).toMatchObject([{ httpStatus: 400, message: expect.stringContaining(words) as string }]);
  });

  it.each(['GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE', 'PUT'])(
    'with %s and no TLS learns that the port speaks HTTPS',
    async (method) => {
      const { port, logged } = await start(await ownKeyPair());
      const text = await received(open(port, `${method} /health ${head}\r\n`));
      expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(text).toContain('this port speaks HTTPS; expected an address that begins with https://');
      expect(logged).toMatchObject([{ httpStatus: 400 }]);
    },
  );

  it('does not keep others from an HTTPS port', async () => {
    const { port } = await start(await ownKeyPair());
    await received(open(port, `GET / ${head}\r\n`));
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    onTestFinished(() => void socket.destroy());
    socket.write(`GET / ${head}Connection: close\r\n\r\n`);
    expect(await received(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*answer/);
  });
});

async function ownKeyPair(): Promise<KeyPair> {
  const folder = await temporaryFolder();
  const [cert, key] = [path.join(folder, 'a.pem'), path.join(folder, 'a.key')];
  const subject = [
    '-subj',
    '/CN=localhost',
    '-days',
    '2',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ];
  execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return readKeyPair({ cert, key });
}
