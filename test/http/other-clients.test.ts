import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened, send, type Answer } from '../helpers/http.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { startServer, type TestServer } from '../helpers/server.js';

/* Requests as other clients and proxies form them: slashes, headers, compressed bodies, lost plus signs. */

let home: string;
let server: TestServer;
let picture: string;

beforeAll(async () => {
  home = await sharedHome();
  await ocrhubJson(home, ['install', 'ocr_system']);
  server = await startServer(home, { flags: ['-m', 'ocr_system'] });
  picture = Buffer.from(fixtureBytes('line.png')).toString('base64');
  expect(picture).toContain('+');
});

afterAll(() => removeHome(home));

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** A request of each protocol that takes base64. */
const asked: readonly [path: string, body: (base64: string) => string, headers?: Readonly<Record<string, string>>][] = [
  ['/predict/ocr_system', (base64) => JSON.stringify({ images: [base64] })],
  ['/ocr', (file) => JSON.stringify({ file, fileType: 1 })],
  ['/ocr/prediction', (base64) => JSON.stringify({ key: ['image'], value: [base64] })],
  ['/ocr', (base64) => `image_data=${base64.replaceAll(' ', '+')}`, form],
  ['/api/ocr', (base64) => JSON.stringify({ base64 })],
  [
    '/v1/ocr',
    (base64) =>
      JSON.stringify({ model: 'm', document: { type: 'image_url', image_url: `data:image/png;base64,${base64}` } }),
  ],
  [
    '/v1/convert/source',
    (base64_string) => JSON.stringify({ sources: [{ kind: 'file', filename: 'a.png', base64_string }] }),
  ],
  [
    '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30',
    (base64Source) => JSON.stringify({ base64Source }),
  ],
  [
    '/v2/models/ocr_system/infer',
    (base64) => JSON.stringify({ inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: [base64] }], id: '1' }),
  ],
];

function ask(
  path: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = json,
): Promise<Answer> {
  return send(server.url + path, { method: 'POST', headers, body });
}

describe.each(asked)('POST %s', (path, body, headers = json) => {
  it('refuses base64 in which each plus sign has become a space', async () => {
    const { http, text } = await ask(path, body(picture.replaceAll('+', ' ')), headers);
    expect([http, text]).toEqual([
      expect.toBeOneOf([400, 422, 200]),
      expect.stringMatching(/a space at position \d+; a /),
    ]);
  });

  it('answers the same with more slashes, and with a slash at the end', async () => {
    const [name = '', query] = path.split('?');
    const rest = query === undefined ? '' : `?${query}`;
    const first = await ask(path, body(headers === form ? encodeURIComponent(picture) : picture), headers);
    expect(first.http).toBeLessThan(300);
    for (const other of [`/${name}`, name.replaceAll('/', '//'), `${name}/`, `${name}//`]) {
      const { http } = await ask(other + rest, body(headers === form ? encodeURIComponent(picture) : picture), headers);
      expect([other, http]).toEqual([other, first.http]);
    }
  });

  it('reads a compressed body', async () => {
    const sent = body(headers === form ? encodeURIComponent(picture) : picture);
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['deflate', deflateRawSync],
      ['br', brotliCompressSync],
    ] as const) {
      const { http } = await ask(path, pack(sent), { ...headers, 'Content-Encoding': encoding });
      expect([encoding, http]).toEqual([encoding, (await ask(path, sent, headers)).http]);
    }
  });
});

it.each(['utf-8', 'UTF-8', 'utf8', 'identity', '', 'binary', 'application/json', 'x-gzip', 'identity, gzip'])(
  'reads a body with Content-Encoding %j',
  async (encoding) => {
    const plain = JSON.stringify({ images: [picture] });
    const body = encoding.includes('gzip') ? gzipSync(plain) : plain;
    const answer = await ask('/predict/ocr_system', body, { ...json, 'Content-Encoding': encoding });
    expect(opened<{ text: string }[][]>(answer).results[0]?.map(({ text }) => text)).toHaveLength(1);
  },
);

it.each(['/health', '/health/live', '/health/ready', '/metrics', '/openapi.json', '/ui', '/v2', '/v2/health/ready'])(
  'GET %s answers the same with more slashes',
  async (path) => {
    const { http } = await send(server.url + path);
    for (const other of [`/${path}`, `${path}/`, `${path.replaceAll('/', '//')}//`]) {
      const answer = await send(server.url + other);
      expect([other, answer.http]).toEqual([other, path === '/ui' && other !== '//ui' ? 200 : http]);
    }
  },
);

it('names an address that is unknown as it was sent', async () => {
  const { http, text } = await ask('//predict//ocr_system/more//?a=1', '{}');
  expect([http, text]).toEqual([
    404,
    expect.stringContaining('There is nothing at POST //predict//ocr_system/more//;'),
  ]);
});
