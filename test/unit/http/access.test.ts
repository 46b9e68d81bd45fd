import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ProtocolName } from '../../../src/runtime/service/protocol-names.js';
import { post, send } from '../../helpers/http.js';
import { startLinesServer } from '../../helpers/lines-server.js';

const image = { images: ['AAAA'] };

describe('a server with several tokens', () => {
  const tokens = [
    { value: 'first', name: 'paperless' },
    { value: 'open "sesame"', name: 'line 2' },
  ];
  const http = { tokens: () => tokens };

  it.each([
    ['Authorization', 'Bearer first', 'paperless'],
    ['Authorization', 'bearer   open "sesame" ', 'line 2'],
    ['Authorization', 'token first', 'paperless'],
    ['Ocp-Apim-Subscription-Key', 'first', 'paperless'],
    ['X-Api-Key', 'open "sesame"', 'line 2'],
  ])('takes one in %s: %s, and records its name', async (header, value, name) => {
    const { url, records } = await startLinesServer({ http });
    const { http: status } = await post(`${url}/predict/ocr_system`, image, { headers: { [header]: value } });
    expect(status).toBe(200);
    expect(records).toMatchObject([{ token: name, from: '127.0.0.1' }]);
  });

  it('takes the right one beside a wrong one in another header', async () => {
    const { url } = await startLinesServer({ http });
    const headers = { Authorization: 'Bearer placeholder', 'X-Api-Key': 'first' };
    expect((await post(`${url}/predict/ocr_system`, image, { headers })).http).toBe(200);
  });

  it.each([
    ['Authorization', 'Bearer firs'],
    ['Authorization', 'Bearer first, open "sesame"'],
    ['Authorization', 'Basic first'],
    ['Ocp-Apim-Subscription-Key', 'first2'],
    ['X-Api-Key', 'FIRST'],
    ['X-Api-Key', ''],
    ['Cookie', 'token=first'],
  ])('refuses %s: %s', async (header, value) => {
    const { url, records } = await startLinesServer({ http });
    const refused = await post(`${url}/predict/ocr_system?x-api-key=first`, image, { headers: { [header]: value } });
    expect([refused.http, refused.headers['x-ocrhub-error']]).toEqual([401, 'token_refused']);
    expect(records.map((record) => [record.token, record.httpStatus])).toEqual([[undefined, 401]]);
  });
});

it.each(['/process', '/v2/models/ocr/versions/9/infer', '/predict/nope'])(
  'a request to %s without a token is refused for that, whatever else is wrong with it',
  async (path) => {
    const { url, records } = await startLinesServer({ routes: ['ocr_det', 'ocr_rec'], token: 'secret' });
    const method = path === '/process' ? 'PUT' : 'POST';
    expect((await send(`${url}${path}`, { method })).http).toBe(401);
    expect(records).toMatchObject([{ httpStatus: 401, route: '' }]);
    const headers = { Authorization: 'Bearer secret' };
    expect((await send(`${url}${path}`, { method, headers })).http).toBeOneOf([400, 404]);
  },
);

describe('the host of a request', () => {
  const loopback = { host: '127.0.0.1', allowedHosts: ['ocr.example.com', '*.lan.example', 'one.example:8443'] };

  it.each([
    'localhost',
    'LOCALHOST:80',
    '127.0.0.1:1',
    '127.8.8.8',
    '[::1]:8866',
    'ocr.example.com',
    'OCR.example.com:99',
    'a.lan.example',
    'one.example:8443',
  ])('of a server for this machine may be %s', async (Host) => {
    const { url } = await startLinesServer({ http: loopback });
    expect((await send(`${url}/health`, { headers: { Host } })).http).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'lan.example',
    'xocr.example.com',
    'one.example',
    '10.0.0.1',
    'evil@localhost',
    'localhost/evil',
    '[::1',
  ])('of a server for this machine may not be %j, at any address', async (Host) => {
    const { url, requests } = await startLinesServer({ http: loopback });
    for (const path of ['/health', '/metrics', '/openapi.json', '/', '/nowhere', '/api/ocr/get_options']) {
      const { http, headers } = await send(url + path, { headers: { Host } });
      expect([path, http, headers['x-ocrhub-error']]).toEqual([path, 403, 'host_refused']);
    }
    expect((await post(`${url}/predict/ocr_system`, image, { headers: { Host } })).http).toBe(403);
    expect(requests).toEqual([]);
  });

  it('is checked on a server for other machines if its hosts are listed', async () => {
    const open = await startLinesServer({ http: { host: '0.0.0.0' } });
    expect((await send(`${open.url}/health`, { headers: { Host: 'anything.example' } })).http).toBe(200);
    const listed = await startLinesServer({ http: { host: '0.0.0.0', allowedHosts: ['ocr.example.com'] } });
    const status = async (Host: string): Promise<number> =>
      (await send(`${listed.url}/health`, { headers: { Host } })).http;
    expect([await status('anything.example'), await status('ocr.example.com'), await status('localhost')]).toEqual([
      403, 200, 200,
    ]);
  });

  it('without a port has that of the protocol with which the client asks', async () => {
    const { url } = await startLinesServer({
      http: { host: '0.0.0.0', trustProxy: ['127.0.0.1'], allowedHosts: ['secure.example:443', 'plain.example:80'] },
    });
    const status = async (Host: string, protocol: string): Promise<number> =>
      (await send(`${url}/health`, { headers: { Host, 'X-Forwarded-Proto': protocol } })).http;
    expect(await Promise.all(['https', 'http'].map((protocol) => status('secure.example', protocol)))).toEqual([
      200, 403,
    ]);
    expect(await Promise.all(['https', 'http'].map((protocol) => status('plain.example', protocol)))).toEqual([
      403, 200,
    ]);
  });

  it('is checked if the server listens on a name of a loopback address', async () => {
    const { url } = await startLinesServer({ http: { host: 'my-machine' } });
    const status = async (Host: string): Promise<number> => (await send(`${url}/health`, { headers: { Host } })).http;
    expect([await status('evil.example'), await status('my-machine:8866')]).toEqual([403, 200]);
  });

  it('of an absolute address comes before the header', async () => {
    const { url } = await startLinesServer({ http: { host: '127.0.0.1' } });
    const { port } = new URL(url);
    const { get } = await import('node:http');
    const status = await new Promise<number>((resolve, reject) => {
      const asked = get({ port, host: '127.0.0.1', path: 'http://evil.example/health' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.once('error', reject);
    });
    expect(status).toBe(403);
  });
});

/** A request of a form to each protocol that takes one without a preflight. */
const simple = [
  ['/predict/ocr_system', 'multipart/form-data; boundary=x'],
  ['/predict/ocr_system', 'application/x-www-form-urlencoded'],
  ['/predict/ocr_system', ''],
  ['/ocr', 'multipart/form-data; boundary=x'],
  ['/ocr', 'application/x-www-form-urlencoded'],
  ['/ocr/prediction', 'text/plain'],
  ['/api/ocr', 'Text/Plain;charset=utf-8'],
] as const;

describe('a page of another site', () => {
  it.each(simple)('cannot post to %s as %j', async (path, type) => {
    const { url, requests } = await startLinesServer();
    for (const from of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://localhost:1' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:3000' },
    ]) {
      const headers = { ...(type === '' ? {} : { 'Content-Type': type }), ...from };
      const refused = await send(url + path, { method: 'POST', body: 'x', headers });
      expect([refused.http, refused.headers['x-ocrhub-error']]).toEqual([403, 'cross_site_refused']);
    }
    expect(requests).toEqual([]);
  });

  it('can if its origin is listed', async () => {
    const { url } = await startLinesServer({ http: { cors: ['https://a.example'] } });
    const status = async (Origin: string): Promise<number> => {
      const headers = { Origin, 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'application/x-www-form-urlencoded' };
      return (await send(`${url}/ocr`, { method: 'POST', body: 'image_data=AAAA', headers })).http;
    };
    expect([await status('https://a.example'), await status('https://a.example.evil')]).toEqual([200, 403]);
  });
});

it.each([
  {},
  { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://behind-a-proxy.example' },
  { 'Sec-Fetch-Site': 'none' },
])('programs and pages of the server itself may post forms: %j', async (headers) => {
  const { url } = await startLinesServer();
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expect(
    (await send(`${url}/ocr`, { method: 'POST', body: 'image_data=AAAA', headers: { ...type, ...headers } })).http,
  ).toBe(200);
});

it('a page that a browser without Sec-Fetch-Site shows may post to its own server', async () => {
  const { url } = await startLinesServer({ http: { trustProxy: ['127.0.0.1'] } });
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await send(`${url}/ocr`, { method: 'POST', body: 'image_data=AAAA', headers: { ...type, ...headers } })).http;
  expect(await status({ Origin: url })).toBe(200);
  expect(await status({ Origin: 'https://ocr.example', 'X-Forwarded-Host': 'ocr.example' })).toBe(200);
  expect(await status({ Origin: 'https://ocr.example' })).toBe(403);
});

describe('the option cors', () => {
  const preflight = (origin: string): Record<string, string> => ({
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization,content-type',
  });

  it('answers the preflight of a listed origin at every address, also with a token', async () => {
    const http = { cors: ['https://a.example', 'http://localhost:3000'], tokens: () => [{ value: 'x', name: 'x' }] };
    const { url } = await startLinesServer({ http });
    for (const path of ['/predict/ocr_system', '/ocr', '/ocr/prediction', '/api/ocr', '/health']) {
      const { http: status, headers } = await send(url + path, {
        method: 'OPTIONS',
        headers: preflight('https://a.example'),
      });
      expect([path, status]).toEqual([path, 204]);
      expect(headers).toMatchObject({
        'access-control-allow-origin': 'https://a.example',
        'access-control-allow-headers': 'authorization,content-type',
        vary: 'Origin, Access-Control-Request-Headers',
      });
      expect(headers['access-control-allow-methods']).toContain('POST');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  it('lets a listed origin read answers and errors with their headers, and no other', async () => {
    const { url } = await startLinesServer({
      http: { cors: ['https://a.example'], tokens: () => [{ value: 'x', name: 'x' }] },
    });
    const ask = (origin: string) => post(`${url}/predict/ocr_system`, image, { headers: { Origin: origin } });
    const { http, headers } = await ask('https://a.example');
    expect([http, headers['access-control-allow-origin']]).toEqual([401, 'https://a.example']);
    expect(headers['access-control-expose-headers']).toContain('X-Ocrhub-Error');
    for (const other of ['https://b.example', 'http://a.example', 'https://a.example:8443', 'null']) {
      expect((await ask(other)).headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('* lets all origins', async () => {
    const { url } = await startLinesServer({ http: { cors: ['*'] } });
    const { http, headers } = await send(`${url}/ocr`, { method: 'OPTIONS', headers: preflight('https://b.example') });
    expect([http, headers['access-control-allow-origin']]).toEqual([204, '*']);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('is off: a preflight allows nothing', async () => {
    const { url } = await startLinesServer();
    const { headers } = await send(`${url}/ocr`, { method: 'OPTIONS', headers: preflight('https://a.example') });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

/** An address to which each protocol takes a POST. */
const addresses: readonly (readonly [ProtocolName, string])[] = [
  ['hubserving', '/predict/ocr_system'],
  ['rapidocr', '/ocr'],
  ['liteparse', '/ocr'],
  ['paddlex', '/ocr'],
  ['paddleserving', '/ocr/prediction'],
  ['umiocr', '/api/ocr'],
  ['kserve', '/v2/models/ocr_system/infer'],
  ['azure', '/documentintelligence/documentModels/prebuilt-read:analyze'],
];

it.each(addresses)('errors of access have the form of %s', async (name, path) => {
  const { url } = await startLinesServer({ protocols: [name], http: { tokens: () => [{ value: 'x', name: 'x' }] } });
  const missing = await post(url + path, {});
  const foreign = await post(
    url + path,
    {},
    { headers: { 'Content-Type': 'text/plain', Origin: 'https://evil.example' } },
  );
  expect([missing.http, foreign.http]).toEqual([401, 403]);
  expect(Object.keys(JSON.parse(foreign.text) as object)).toEqual(Object.keys(JSON.parse(missing.text) as object));
});

it.each([
  ['localhost', 'localhost'],
  ['localhost', 'evil.example'],
  ['evil.example', 'localhost'],
])('a request with two headers Host gets 400: %s, %s', async (first, second) => {
  const { url, requests } = await startLinesServer();
  const headers = ['Host', first, 'Content-Type', 'application/json', 'host', second];
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${url}/predict/ocr_system`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once('error', reject).end('{"images": ["AAAA"]}');
  });
  expect(status).toBe(400);
  expect(requests).toEqual([]);
});

it.each([
  ['no host', 'GET /health HTTP/1.1\r\nA: b\r\n\r\n', 400],
  ['no host, with a body', 'POST /predict/ocr_system HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}', 400],
  ['no host, with the whole address', 'GET http://localhost/health HTTP/1.1\r\n\r\n', 400],
  ['no host, to nothing that is served', 'GET /nothing HTTP/1.1\r\n\r\n', 400],
  ['no host in HTTP/1.0', 'GET /health HTTP/1.0\r\n\r\n', 200],
])('a request with %s gets its answer in words', async (_, text, status) => {
  const { url } = await startLinesServer();
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  socket.write(text.replace('\r\n', '\r\nConnection: close\r\n'));
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8') as AsyncIterable<string>) answer += chunk;
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(body).toContain(status === 400 ? 'it has no Host header; expected one Host header' : '"status":');
});
