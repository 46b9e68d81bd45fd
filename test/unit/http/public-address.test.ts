import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { Router } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientView } from '../../../src/runtime/http/access/forwarded.js';
import { createApp } from '../../../src/runtime/http/app.js';
import { publicAddress } from '../../../src/runtime/http/public-address.js';
import type { Service } from '../../../src/runtime/service/contract.js';
import { httpOptions } from '../../helpers/http-options.js';
import { send } from '../../helpers/http.js';
import { startLinesServer } from '../../helpers/lines-server.js';
import { plainProtocol } from '../../helpers/plain-protocol.js';

interface Seen {
  readonly address: string;
  readonly client: string;
  readonly port: number;
}

/** Asks a page of a protocol how it sees the request. */
async function seen(
  headers: Readonly<Record<string, string>>,
  { basePath = '', trustProxy = ['127.0.0.1'] }: { basePath?: string; trustProxy?: readonly string[] } = {},
): Promise<Seen> {
  const pages = Router();
  pages.get('/seen', (request, response) => {
    response.json({ address: publicAddress(request), client: clientView(request).address });
  });
  const protocol = { ...plainProtocol(), pages: () => pages };
  const server = createServer(
    createApp(
      { noteRefusal: () => undefined } as Partial<Service> as Service,
      [protocol],
      httpOptions({ basePath, trustProxy }),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { text } = await send(`http://127.0.0.1:${port}${basePath}/seen`, { headers });
  return { ...(JSON.parse(text) as Omit<Seen, 'port'>), port };
}

describe('the public address of a request', () => {
  it('is that of the Host header, with the base path', async () => {
    const { address, client, port } = await seen({}, { basePath: '/ocr' });
    expect([address, client]).toEqual([`http://127.0.0.1:${port}/ocr`, '127.0.0.1']);
  });

  it('is the one that a trusted proxy names', async () => {
    const headers = {
      'X-Forwarded-For': '203.0.113.9',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'ocr.example.com',
      'X-Forwarded-Prefix': '/tools/',
    };
    expect(await seen(headers, { basePath: '/ocr' })).toMatchObject({
      address: 'https://ocr.example.com/tools/ocr',
      client: '203.0.113.9',
    });
    expect(await seen(headers, { trustProxy: ['127.0.0.0/8'] })).toMatchObject({
      address: 'https://ocr.example.com/tools',
    });
  });

  it.each(['0.0.0.0/0', '10.0.0.0/0', '0.0.0.0/00', '::ffff:0:0/96', '127.0.0.0/1', '127.0.0.1/32', '127.0.0.0/08'])(
    'believes a proxy in the subnet %s',
    async (subnet) => {
      const { client } = await seen({ 'X-Forwarded-For': '203.0.113.9' }, { trustProxy: ['192.0.2.1', subnet] });
      expect(client).toBe('203.0.113.9');
    },
  );

  it.each(['::/0', '2001:db8::/0', '::/000', '::/1'])('holds no client with IPv4 for one in %s', async (subnet) => {
    const { client } = await seen({ 'X-Forwarded-For': '203.0.113.9' }, { trustProxy: [subnet] });
    expect(client).toBe('127.0.0.1');
  });

  it.each([[[]], [['10.0.0.0/8', '192.0.2.1']]])(
    'ignores the headers of a client with the proxies %j',
    async (trustProxy) => {
      const headers = {
        'X-Forwarded-For': '203.0.113.9',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Prefix': '/evil',
        Forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
      };
      const { address, client, port } = await seen(headers, { trustProxy });
      expect([address, client]).toEqual([`http://127.0.0.1:${port}`, '127.0.0.1']);
    },
  );

  it.each([
    ['for=203.0.113.9;proto=https;host=ocr.example.com', 'https://ocr.example.com', '203.0.113.9'],
    ['for="[2001:db8::9]:4711";proto=HTTPS;host="ocr.example.com:8443"', 'https://ocr.example.com:8443', '2001:db8::9'],
    // The client wrote the first element, a proxy outside the list the second.
    ['for=1.1.1.1;host=evil.example, for=203.0.113.9;host=ocr.example.com', 'http://ocr.example.com', '203.0.113.9'],
    // The second element comes from a trusted proxy behind another one.
    [
      'for=203.0.113.9;host=ocr.example.com;proto=https, for=127.0.0.1;host=inner',
      'https://ocr.example.com',
      '203.0.113.9',
    ],
  ])('is the one in Forwarded: %s', async (header, address, client) => {
    expect(await seen({ Forwarded: header })).toMatchObject({ address, client });
  });

  it('is that of X-Forwarded if a client adds a Forwarded that its proxy passes on', async () => {
    const headers = { 'X-Forwarded-Host': 'ocr.example.com', Forwarded: 'host=evil.example;for=1.1.1.1' };
    expect(await seen(headers)).toMatchObject({ address: 'http://ocr.example.com', client: '127.0.0.1' });
  });

  it.each([
    { 'X-Forwarded-Host': 'evil.example/path' },
    { 'X-Forwarded-Host': 'user@evil.example' },
    { 'X-Forwarded-Proto': 'javascript' },
    { 'X-Forwarded-Prefix': '//evil.example' },
    { 'X-Forwarded-Prefix': '/a/../b' },
    { 'X-Forwarded-Prefix': '/a"b' },
    { 'X-Forwarded-For': 'unknown' },
    { Forwarded: 'for=_hidden;host=' },
    { Forwarded: ';;;' },
  ])('takes nothing from %j', async (headers) => {
    const { address, client, port } = await seen(headers);
    expect([address, client]).toEqual([`http://127.0.0.1:${port}`, '127.0.0.1']);
  });

  it('is that of the socket for HTTP/1.0 without a host', async () => {
    const app = express();
    app.get('/', (request, response) => void response.end(publicAddress(request)));
    const server = createServer({ requireHostHeader: false }, app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { text } = await send(`http://127.0.0.1:${port}/`, { headers: { Host: '' } });
    expect(text).toBe(`http://127.0.0.1:${port}`);
  });
});

describe('the option base_path', () => {
  const http = { basePath: '/tools/ocr' };

  it.each(['/health', '/openapi.json', '/', '/api/ocr/get_options'])('moves %s below it', async (path) => {
    const { url } = await startLinesServer({ http });
    expect((await send(`${url}/tools/ocr${path}`)).http).toBe(200);
    expect((await send(`${url}${path}`)).http).toBe(404);
  });

  it('answers at the path itself, with and without a slash and a query', async () => {
    const { url } = await startLinesServer({ http });
    for (const path of ['/tools/ocr', '/tools/ocr/', '/tools/ocr?a=1']) {
      expect((await send(url + path)).text).toContain('No visual interface');
    }
    expect((await send(`${url}/tools/ocrx`)).http).toBe(404);
  });

  it('is in the messages about addresses', async () => {
    const { url } = await startLinesServer({ http });
    const message = async (path: string): Promise<unknown> => JSON.parse((await send(url + path)).text) as unknown;
    const msg = 'There is nothing at GET /tools/ocr/nope; pictures are sent to POST /tools/ocr/predict/<module>';
    expect(await message('/tools/ocr/nope')).toMatchObject({ msg });
    expect(await message('/nope')).toMatchObject({ msg: msg.replace('/tools/ocr/nope', '/nope') });
    expect(await message('/tools/ocr/predict/m')).toMatchObject({
      msg: 'GET /tools/ocr/predict/m is not allowed; allowed: POST, OPTIONS',
    });
  });

  it('is the server in /openapi.json', async () => {
    const { url } = await startLinesServer({ http });
    const { servers } = JSON.parse((await send(`${url}/tools/ocr/openapi.json`)).text) as { servers: unknown };
    expect(servers).toEqual([{ url: '/tools/ocr' }]);
  });
});
