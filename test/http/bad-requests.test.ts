import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { onePixelBitPng } from '../helpers/bomb.js';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened, post, send, type Answer, type Envelope } from '../helpers/http.js';
import { installProbe } from '../helpers/module.js';
import { fixture, fixtureBytes, whitePng } from '../helpers/pictures.js';
import {
  health,
  isRunning,
  predict,
  untilLogged,
  startServer,
  untilHealth,
  type TestServer,
} from '../helpers/server.js';

const maxBody = 4 * 1024 ** 2;
const noFormat = 'not a readable file: unsupported image format (expected JPEG, PNG, WebP, TIFF, GIF, BMP or PDF)';

let home = '';
let server: TestServer;
beforeAll(async () => {
  home = await sharedHome();
  for (const name of ['ocr_system', 'ocr_rec']) await ocrhubJson(home, ['install', name]);
  await installProbe(home);
  server = await startServer(home, { flags: ['-m', 'ocr_system', 'ocr_rec', '--max_body', String(maxBody)] });
});
afterAll(() => removeHome(home));

type Lines = { text: string; confidence: number; text_region?: number[][] }[];

async function ask(route: string, body: unknown): Promise<Envelope & { http: number }> {
  return opened(await predict(server, route, body));
}

function refused(http: number, status: string, msg: string): Envelope & { http: number } {
  return { http, msg, results: '', status };
}

function textsOf(results: unknown): string[][] {
  return (results as Lines[]).map((lines) => lines.map(({ text }) => text));
}

describe('a body that a module does not accept', () => {
  const list = 'The field "images" must be a list of base64 strings: ';
  const cases: readonly (readonly [what: string, body: unknown, msg: string])[] = [
    ['no images', {}, 'The field "images" is missing; expected a list of base64 strings'],
    ['a text instead of a list', { images: 'aGVsbG8=' }, `${list}it is a string`],
    ['an empty list', { images: [] }, `${list}the list is empty`],
    ['a number among the pictures', { images: [fixture('pixel.png'), 5] }, `${list}images[1] is a number`],
    [
      'more pictures than a request may hold',
      { images: Array.from({ length: 1001 }, () => '') },
      'The request holds 1001 pictures, more than the limit of 1000',
    ],
    ['bad base64', { images: ['*'] }, 'images[0] is not base64: character "*" at position 0'],
    ['half of a surrogate pair', { images: ['\ud83d'] }, 'images[0] is not base64: character "\\ud83d" at position 0'],
    ['an empty text', { images: [''] }, 'images[0] is not base64: it is empty'],
    ['a data: prefix without data', { images: ['data:image/png;base64,'] }, 'images[0] is not base64: it is empty'],
    [
      'paths',
      { paths: ['/etc/passwd'], images: [] },
      'The field "paths" is refused: it would read files of the server; send the pictures in "images"',
    ],
  ];
  it.each(cases)('gets 400 "101" with its problem: %s', async (_, body, msg) => {
    expect(await ask('ocr_system', body)).toEqual(refused(400, '101', msg));
  });

  it('gets an answer that names the unknown field and the allowed fields', async () => {
    expect(await ask('ocr_rec', { images: [fixture('pixel.png')], lang: 'ch' })).toEqual(
      refused(400, '101', 'Request to ocr_rec: unknown field "lang"; allowed: rec_model, return_word_box'),
    );
  });

  it.each([
    ['drop_score', 2, 'expected a number from 0 to 1'],
    ['drop_score', '0.5', 'Invalid input: expected number, received string'],
    ['use_angle_cls', 1, 'Invalid input: expected boolean, received number'],
  ])('gets an answer that names a field out of range or of the wrong type: %s %j', async (field, value, problem) => {
    expect(await ask('ocr_system', { images: [fixture('pixel.png')], [field]: value })).toEqual(
      refused(400, '101', `Request to ocr_system: ${field} is ${JSON.stringify(value)}: ${problem}`),
    );
  });

  it.each(['__proto__', 'constructor', 'toString'])('is refused if it has the unknown field %s', async (name) => {
    const body = `{"images":["${fixture('pixel.png')}"],"${name}":{"drop_score":0.1}}`;
    const { http, status, msg } = await ask('ocr_system', body);
    expect({ http, status }).toEqual({ http: 400, status: '101' });
    expect(msg).toContain(`unknown field "${name}"`);
  });

  it.each(['__proto__', 'constructor', '..%2Focr_rec', 'OCR_SYSTEM'])(
    'gets 404 for the unknown module %s',
    async (name) => {
      const { http, status } = await ask(name, { images: [fixture('pixel.png')] });
      expect({ http, status }).toEqual({ http: 404, status: '111' });
    },
  );

  it('gets a short answer if a field name has a megabyte', async () => {
    const answer = await predict(server, 'ocr_system', { images: [fixture('pixel.png')], ['x'.repeat(1024 ** 2)]: 1 });
    expect(opened(answer)).toMatchObject({ http: 400, status: '101' });
    expect(answer.text.length).toBeLessThan(1000);
  });

  it('gets a short answer if a field value has a megabyte', async () => {
    const answer = await predict(server, 'ocr_system', {
      images: [fixture('pixel.png')],
      drop_score: 'x'.repeat(1024 ** 2),
    });
    expect(opened(answer)).toMatchObject({ http: 400, status: '101' });
    expect(answer.text.length).toBeLessThan(1000);
  });

  it.each(['drop_score', 'images'])('is refused without harm if %s has a million nested lists', async (field) => {
    const deep = '['.repeat(1e6) + ']'.repeat(1e6);
    const images = field === 'images' ? '' : `"images":["${fixture('pixel.png')}"],`;
    expect(await ask('ocr_system', `{${images}"${field}":${deep}}`)).toMatchObject({ http: 400, results: '' });
    expect(await ask('ocr_system', { images: [fixture('pixel.png')] })).toMatchObject({ http: 200, status: '000' });
  });

  it('is refused if it has four megabytes of empty objects', async () => {
    const objects = '{},'.repeat((maxBody - 200) / 3);
    const answer = predict(server, 'ocr_system', `{"images":["${fixture('pixel.png')}"],"a":[${objects}0]}`);
    expect(opened(await answer)).toMatchObject({
      http: 400,
      status: '112',
      msg: expect.stringContaining('it holds more than 100000 values') as string,
    });
  });

  it.each([
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['empty', ''],
    ['cut off', '{"images":["'],
    ['null', 'null'],
    ['a list', '[]'],
  ])('gets 400 "112" if it is %s', async (_, body) => {
    expect(await ask('ocr_system', body)).toMatchObject({ http: 400, status: '112', results: '' });
  });

  it('gets 400 if its URL has an invalid percent escape', async () => {
    expect(await ask('%zz', {})).toMatchObject({ http: 400, status: '112', results: '' });
  });
});

describe('a request with unusual pictures', () => {
  it('gets 422 if no picture can be read', async () => {
    const text = fixture('not-a-picture.txt');
    expect(await ask('ocr_system', { images: [text] })).toEqual(
      refused(422, '101', `No picture could be read: image 0: ${noFormat}`),
    );
    expect(await ask('ocr_rec', { images: [text, text] })).toEqual(
      refused(422, '101', `No picture could be read: image 0: ${noFormat}; image 1: ${noFormat}`),
    );
  });

  const notRead = (format: string): string =>
    `${format} files are not read; readable are JPEG, PNG, WebP, TIFF, GIF, BMP and PDF`;
  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', notRead('SVG')],
    ['<?xml version="1.0"?><svg/>', notRead('SVG')],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', notRead('HEIC')],
    ['\0\0\0\x18ftypavif\0\0\0\0avifmif1', notRead('AVIF')],
    ['\xffO\xffQ\0/', notRead('JPEG 2000')],
    ['%PDF-1.7', 'not a readable file: damaged PDF: its end is missing'],
  ])('gets 422 with the name of the format for %s', async (text, problem) => {
    expect(await ask('ocr_system', { images: [Buffer.from(text, 'latin1').toString('base64')] })).toEqual(
      refused(422, '101', `No picture could be read: image 0: ${problem}`),
    );
  });

  it('gets an answer that names the format of a damaged picture', async () => {
    const { http, status, msg } = await ask('ocr_system', {
      images: [fixtureBytes('small.png').subarray(0, 20).toString('base64')],
    });
    expect({ http, status }).toEqual({ http: 422, status: '101' });
    expect(msg).toMatch(/^No picture could be read: image 0: not a readable file: damaged PNG: ./);
  });

  it('gets the text of a truncated JPEG up to its end', async () => {
    const { http, results, msg } = await ask('ocr_system', { images: [fixture('truncated.jpg')] });
    expect({ http, msg }).toEqual({ http: 200, msg: '' });
    const texts = textsOf(results)[0] ?? [];
    expect(texts.slice(0, 2)).toEqual(['山水茶馆', '今日特价 20% off']);
    expect(texts).not.toContain('电话 0571-8888 1234');
  });

  it.each(['pixel.png', 'blank.png'])('gets no text for %s', async (name) => {
    expect(await ask('ocr_system', { images: [fixture(name)] })).toEqual({
      http: 200,
      msg: '',
      results: [[]],
      status: '000',
    });
    expect(await ask('ocr_rec', { images: [fixture(name)] })).toMatchObject({ http: 200, results: [[{ text: '' }]] });
  });

  it.each(['palette.gif', 'page.tiff', 'page.webp', 'page.bmp'])(
    'gets the same text for %s as for a PNG',
    async (name) => {
      const png = await ask('ocr_system', { images: [fixture('small.png')] });
      const other = await ask('ocr_system', { images: [fixture(name)] });
      expect(textsOf(png.results)[0]).toHaveLength(2);
      expect(textsOf(other.results)).toEqual(textsOf(png.results));
    },
  );

  it('may contain a data: prefix', async () => {
    const plain = await ask('ocr_rec', { images: [fixture('line.png')] });
    expect(await ask('ocr_rec', { images: [`data:image/png;base64,${fixture('line.png')}`] })).toEqual(plain);
  });

  const notLinux = process.platform === 'linux' ? '' : ' (skipped: peak memory is read from /proc)';
  it.skipIf(notLinux !== '')(
    `is refused by the header of a picture of 100 megapixels, before it is decoded${notLinux}`,
    async () => {
      const bomb = onePixelBitPng(10_000, 10_001).toString('base64');
      const before = await peaks();
      expect(await ask('ocr_system', { images: [bomb, bomb] })).toEqual(
        refused(
          422,
          '101',
          'No picture could be read: ' +
            'image 0: the picture has 10000 x 10001 pixels, more than the limit of 64000000; ' +
            'image 1: the picture has 10000 x 10001 pixels, more than the limit of 64000000',
        ),
      );
      // One of the pictures would need 300 MB.
      expect((await peaks()) - before).toBeLessThan(100 * 1024);
      expect(await ask('ocr_system', { images: [fixture('blank.png')] })).toMatchObject({ http: 200, results: [[]] });
    },
  );
});

/** Peak resident memory of the server and its inference processes, in KiB. */
async function peaks(): Promise<number> {
  const { pid, processes } = await health(server);
  return [pid, ...processes.map((process) => process.pid)].reduce((sum, each) => {
    const peak = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'));
    return sum + Number(peak?.[1]);
  }, 0);
}

describe('the answers to 50 pictures in one request', () => {
  const bad = new Map([
    [7, noFormat],
    [23, noFormat],
    [24, 'not a readable file: damaged JPEG'],
  ]);
  const notPicture = fixture('not-a-picture.txt');
  const notJpeg = Buffer.from('\xff\xd8\xff\xe0 no more', 'latin1').toString('base64');
  const pictures = (good: readonly string[]): string[] =>
    Array.from({ length: 50 }, (_, i) =>
      i === 24 ? notJpeg : bad.has(i) ? notPicture : (good[i % good.length] ?? ''),
    );

  it('are in order, with empty entries for unreadable pictures, which msg lists', async () => {
    const good = [fixture('small.png'), fixture('blank.png'), fixture('line.png')];
    const single = await Promise.all(good.map(async (image) => (await ask('ocr_system', { images: [image] })).results));
    const { http, status, msg, results } = await ask('ocr_system', { images: pictures(good) });
    expect({ http, status }).toEqual({ http: 200, status: '000' });
    expectNamed(msg);
    const expected = pictures(good).map((_, i) => (bad.has(i) ? [] : (single[i % 3] as Lines[])[0]));
    expect(results).toEqual(expected);
  });

  it('are in order in the single inner list of ocr_rec', async () => {
    const good = [fixture('line.png'), fixture('tiny.png')];
    const single = await Promise.all(good.map(async (image) => (await ask('ocr_rec', { images: [image] })).results));
    const { http, msg, results } = await ask('ocr_rec', { images: pictures(good) });
    expect(http).toBe(200);
    expectNamed(msg);
    const empty = { confidence: 0, text: '' };
    const expected = pictures(good).map((_, i) => (bad.has(i) ? empty : (single[i % 2] as Lines[])[0]?.[0]));
    expect(results).toEqual([expected]);
  });

  function expectNamed(msg: string): void {
    const named = msg.split('; image ').map((part, i) => (i === 0 ? part : `image ${part}`));
    expect(named).toHaveLength(bad.size);
    for (const [i, [index, reason]] of [...bad].entries()) expect(named[i]).toContain(`image ${index}: ${reason}`);
  }
});

describe('a request that is not a plain JSON POST', () => {
  it('gets the HTTP status and Allow header for HEAD, OPTIONS and PUT on a module', async () => {
    const url = `${server.url}/predict/ocr_system`;
    const head = await send(url, { method: 'HEAD' });
    expect([head.http, head.headers.allow, head.text]).toEqual([405, 'POST, OPTIONS', '']);
    const options = await send(url, { method: 'OPTIONS' });
    expect([options.http, options.headers.allow, options.text]).toEqual([200, 'POST, OPTIONS', '']);
    const put = await send(url, { method: 'PUT', body: '{}', headers: { 'Content-Type': 'application/json' } });
    expect(opened(put)).toMatchObject({ http: 405, status: '112' });
  });

  it('gets no body for HEAD on a health route', async () => {
    const answer = await send(`${server.url}/health/live`, { method: 'HEAD' });
    expect([answer.http, answer.text]).toEqual([200, '']);
  });

  it.each(['zstd', 'compress', 'gzip, gzip', 'unknown'])(
    'gets 415 for a body with Content-Encoding %s',
    async (encoding) => {
      const answer = await predict(server, 'ocr_system', '{"images":[]}', {
        headers: { 'Content-Encoding': encoding },
      });
      expect(opened(answer)).toEqual(
        refused(
          415,
          '112',
          `The header Content-Encoding is "${encoding}"; a body may be uncompressed, without that header, or one of gzip, deflate, br`,
        ),
      );
    },
  );

  it('gets 400 for a body that cannot be unpacked: not compressed, cut off, or with bytes behind it', async () => {
    for (const [encoding, body] of [
      ['gzip', '{"images":[]}'],
      ['br', '{"images":[]}'],
      ['gzip', gzipSync('{"images":[]}').subarray(0, 20)],
      ['gzip', Buffer.concat([gzipSync('{"images":[]}'), Buffer.from([0x1f, 0x8b, 1])])],
    ] as const) {
      const answer = await predict(server, 'ocr_system', body, { headers: { 'Content-Encoding': encoding } });
      expect(answer.http).toBe(400);
      expect(opened(answer).msg).toMatch(
        /^The request cannot be read: its header Content-Encoding is "(gzip|br)", and the body cannot be unpacked: /,
      );
    }
  });

  it('gets 413 for a compressed body that is larger than the limit when it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 ** 2));
    const answer = await predict(server, 'ocr_system', bomb, { headers: { 'Content-Encoding': 'gzip' } });
    expect(answer.http).toBe(413);
    expect(opened(answer).msg).toMatch(/^The body is larger than \d+ bytes$/);
  });

  it('gets its answer after a large body, also on a route that does not read bodies', async () => {
    const body = JSON.stringify({ images: ['A'.repeat(3 * 1024 ** 2)] });
    for (const [address, http] of [
      ['/predict/nope', 404],
      ['/predict/ocr_system/more', 404],
      ['/health/nothing', 404],
    ] as const) {
      expect(opened(await post(`${server.url}${address}`, body))).toMatchObject({ http, status: '111' });
    }
    expect(opened(await send(`${server.url}/predict/ocr_system`, { method: 'PUT', body })).http).toBe(405);
  });

  it.each(['text/plain', 'application/jsonx', 'application/x-www-form-urlencoded'])(
    'gets 415 for the content type %s',
    async (type) => {
      const answer = await predict(server, 'ocr_system', { images: [] }, { headers: { 'Content-Type': type } });
      expect(opened(answer)).toMatchObject({ http: 415, status: '112' });
    },
  );
});

describe('--max_body', () => {
  const tooLarge = refused(413, '101', `The body is larger than ${maxBody} bytes`);
  const padded = (length: number): string => JSON.stringify({ images: [fixture('pixel.png')] }).padEnd(length);

  it('allows a body of exactly the limit, and not one byte more', async () => {
    expect(await ask('ocr_system', padded(maxBody))).toMatchObject({ http: 200, status: '000' });
    expect(await ask('ocr_system', padded(maxBody + 1))).toEqual(tooLarge);
  });

  it('applies to a chunked body', async () => {
    const chunked = (length: number): Promise<Answer> =>
      send(`${server.url}/predict/ocr_system`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
        body: Readable.from(chunksOf(Buffer.from(padded(length)))),
      });
    expect(opened(await chunked(maxBody))).toMatchObject({ http: 200, status: '000' });
    expect(opened(await chunked(maxBody + 1))).toEqual(tooLarge);
  });

  it('applies to the Content-Length before the body arrives', async () => {
    const head = 'Content-Type: application/json\r\nContent-Length: 99999999999';
    expect(await rawPost(head, '{"ima')).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('applies to chunks that never end', async () => {
    const chunk = `${(1024 ** 2).toString(16)}\r\n${' '.repeat(1024 ** 2)}\r\n`;
    const head = 'Content-Type: application/json\r\nTransfer-Encoding: chunked';
    expect(await rawPost(head, chunk.repeat(5))).toMatch(/^HTTP\/1\.1 413 /);
  });
});

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
}

/** Sends part of a request and waits for the first bytes of its answer. */
function rawPost(head: string, body: string): Promise<string> {
  return firstBytes(openSocket(`POST /predict/ocr_system HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n${body}`));
}

function firstBytes(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (bytes) => resolve(bytes.toString('latin1')));
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}

/** Opens a connection and writes the text. The connection is closed when the test ends. */
function openSocket(text: string): Socket {
  const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe('the headers of an answer', () => {
  it.each(['abc-123', 'a:b/c=d+e.f_g', 'x'.repeat(128)])('contain the X-Request-Id %s of the request', async (id) => {
    const answer = await predict(server, 'ocr_system', {}, { headers: { 'X-Request-Id': id } });
    expect(answer.headers['x-request-id']).toBe(id);
  });

  it.each(['two words', 'x'.repeat(129), '<script>', '{"a":1}', ''])(
    'contain a new X-Request-Id instead of %j',
    async (id) => {
      const answer = await predict(server, 'ocr_system', {}, { headers: { 'X-Request-Id': id } });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    },
  );

  it('contain a different X-Request-Id for each request', async () => {
    const [a, b] = await Promise.all([send(`${server.url}/health`), send(`${server.url}/health`)]);
    expect(a.headers['x-request-id']).not.toBe(b.headers['x-request-id']);
  });

  it('contain the time of each stage in Server-Timing', async () => {
    const answer = await predict(server, 'ocr_system', { images: [fixture('page.png')] });
    const header = String(answer.headers['server-timing']);
    const times = [...header.matchAll(/(\w+);dur=(\d+\.\d)/g)];
    expect(times.map(([, name]) => name)).toEqual([
      'queue',
      'decode',
      'detect',
      'classify',
      'recognize',
      'recognise',
      'total',
    ]);
    const [queue = NaN, decode = NaN, detect = NaN, classify = NaN, recognize = NaN, recognise = NaN, total = NaN] =
      times.map(([, , ms]) => Number(ms));
    expect(decode).toBeGreaterThan(0);
    expect(detect).toBeGreaterThan(0);
    expect(recognize).toBeGreaterThan(0);
    // The spelling of version 0.1.
    expect(recognise).toBe(recognize);
    expect(classify).toBe(0);
    // Each of the six is rounded to a tenth of a millisecond.
    expect(queue + decode + detect + classify + recognize).toBeLessThanOrEqual(total + 0.6);
  });

  it('do not name the software', async () => {
    const { headers } = await send(`${server.url}/`);
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('a busy or attacked server', () => {
  it('answers the health routes while it reads pictures', async () => {
    let answered = false;
    const work = predict(server, 'ocr_system', { images: Array.from({ length: 8 }, () => fixture('receipt.jpg')) });
    void work.then(
      () => (answered = true),
      () => undefined,
    );
    const busy = await untilHealth(server, 'a busy process', ({ processes }) =>
      processes.some((p) => p.state === 'busy'),
    );
    expect(busy.status).toBe('ready');
    const live = await send(`${server.url}/health/live`);
    const ready = await send(`${server.url}/health/ready`);
    const metrics = await send(`${server.url}/metrics`);
    expect([live.http, ready.http, metrics.http]).toEqual([200, 200, 200]);
    expect(answered).toBe(false);
    expect((await work).http).toBe(200);
  });

  it('answers requests while 100 connections stall in their headers or body', async () => {
    for (let i = 0; i < 50; i++) {
      openSocket('POST /predict/ocr_system HTTP/1.1\r\nHost: localhost\r\nContent-Type: appl');
      openSocket(
        'POST /predict/ocr_system HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"images":["',
      );
    }
    expect(await ask('ocr_system', { images: [fixture('blank.png')] })).toMatchObject({ http: 200, results: [[]] });
    expect((await health(server)).queued).toBe(0);
  });

  it('survives bytes that are not HTTP', async () => {
    const answer = await firstBytes(openSocket('\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await send(`${server.url}/health/live`)).http).toBe(200);
  });

  it('continues after a client disconnects during its body or during inference', async () => {
    const { pid, processes } = await health(server);
    openSocket(
      'POST /predict/ocr_system HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    ).destroySoon();
    const controller = new AbortController();
    const left = predict(
      server,
      'ocr_system',
      { images: Array.from({ length: 8 }, () => fixture('receipt.jpg')) },
      { signal: controller.signal, headers: { 'X-Request-Id': 'left-early' } },
    );
    await untilHealth(server, 'a busy process', (now) => now.processes.some((p) => p.state === 'busy'));
    controller.abort();
    await expect(left).rejects.toThrow();
    expect(await ask('ocr_system', { images: [fixture('blank.png')] })).toMatchObject({ http: 200, results: [[]] });
    const after = await health(server);
    expect([after.pid, after.processes.map((p) => p.pid)]).toEqual([pid, processes.map((p) => p.pid)]);
    expect(await untilLogged(server.logFile, ({ id }) => id === 'left-early')).toMatchObject({
      msg: 'request',
      status: '101',
    });
    expect(isRunning(server.pid)).toBe(true);
  });
});

describe('a server with a token', () => {
  const start: readonly (readonly [string, () => Promise<TestServer>])[] = [
    ['OCRHUB_TOKEN', () => startServer(home, { flags: ['-m', 'probe'], env: { OCRHUB_TOKEN: 'sesame' } })],
    [
      '--token_file',
      async () => {
        const file = path.join(home, 'token');
        await writeFile(file, 'sesame\nsecond line\n');
        return startServer(home, { flags: ['-m', 'probe', '--token_file', file] });
      },
    ],
  ];
  it.each(start)('from %s requires it on predict routes but not on health routes', async (_, startIt) => {
    const guarded = await startIt();
    const image = await whitePng(8);
    const withHeader = async (value?: string): Promise<Answer> =>
      post(
        `${guarded.url}/predict/probe`,
        { images: [image] },
        value === undefined ? {} : { headers: { Authorization: value } },
      );

    const none = await withHeader();
    expect(opened(none)).toEqual(refused(401, '101', 'This server asks for a token'));
    expect(none.headers['www-authenticate']).toBe('Bearer');
    for (const wrong of ['Bearer sesam', 'Bearer sesame2']) {
      expect(opened(await withHeader(wrong))).toEqual(refused(401, '101', 'The token is not the one of this server'));
    }
    expect(opened(await withHeader('Basic sesame')).http).toBe(401);
    expect(opened(await withHeader('Bearer sesame'))).toMatchObject({ http: 200, status: '000' });
    expect(opened(await withHeader('bearer   sesame'))).toMatchObject({ http: 200, status: '000' });
    // The token is checked before the module name. (/health lists the modules without a token.)
    expect(opened(await post(`${guarded.url}/predict/nope`, {})).http).toBe(401);
    expect((await send(`${guarded.url}/health/ready`)).http).toBe(200);

    const state = await readFile(path.join(home, 'serving', `${guarded.port}.json`), 'utf8');
    expect(state).not.toContain('sesame');
  });
});
