import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkServerUrl, sendFile, type Answer, type Destination } from '../../../src/runtime/client/send.js';
import { maxRequestFile } from '../../../src/runtime/client/request-body.js';
import { namedInput } from '../../helpers/inputs.js';
import { root } from '../../helpers/cli.js';
import { freePort, temporaryFolder } from '../../helpers/home.js';
import { envelope, stubServer } from '../../helpers/stub-server.js';

const picture = path.join(root, 'test', 'fixtures', 'pixel.png');

describe('checkServerUrl', () => {
  it.each(['http://127.0.0.1:8866/predict/ocr_system', 'https://ocr.example/x'])('accepts %s', (url) => {
    expect(checkServerUrl(url)).toBe(url);
  });

  it.each([
    '',
    'ocr_system',
    '127.0.0.1:8866/predict/x',
    'ftp://a/b',
    'http://127.0.0.1:8866',
    'http://127.0.0.1:8866/',
  ])('refuses %j and shows an example', (url) => {
    expect(() => checkServerUrl(url)).toThrow(
      `server_url is ${JSON.stringify(url)}: expected an address such as http://127.0.0.1:8868/predict/ocr_system`,
    );
  });
});

const request: Omit<Destination, 'url'> = { fields: {}, document: {}, retries: 0 };

const send = (url: string, file = picture, more: Partial<Destination> = {}): Promise<Answer> =>
  sendFile({ ...request, url, ...more }, namedInput(file));

describe('sendFile', () => {
  it.each(['empty.png', 'empty.pdf', 'empty'])(
    'refuses %s, which is empty, by its name and sends nothing',
    async (name) => {
      const file = path.join(await temporaryFolder(), name);
      await writeFile(file, '');
      const server = await stubServer(() => ({ http: 200, text: envelope([[]]) }));
      await expect(send(`${server.url}/predict/ocr_system`, file)).rejects.toMatchObject({
        code: 'file_unreadable',
        message: `${file} cannot be read: it is empty`,
      });
      expect(server.requests).toEqual([]);
    },
  );

  it('posts one picture as base64 JSON and returns the answer of the server', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([[{ text: 'a' }]]) }));
    const sent = await send(`${server.url}/predict/ocr_system`);
    expect(sent).toMatchObject({
      input: { file: picture },
      response: { msg: '', results: [[{ text: 'a' }]], status: '000' },
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ url: '/predict/ocr_system', headers: { 'content-type': 'application/json' } });
    expect(request?.headers.authorization).toBeUndefined();
    expect(JSON.parse(request?.body ?? '')).toEqual({ images: [(await readFile(picture)).toString('base64')] });
  });

  it('sends the token as a bearer token', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([]) }));
    await send(`${server.url}/predict/x`, picture, { token: 'secret' });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret');
  });

  it.each([
    ['takes results that are nested as deep as a module may', 1000, undefined],
    ['refuses results that are nested too deep to be printed', 2000, 'answer_not_hubserving'],
    ['refuses results that are nested without end', 50_000, 'answer_not_hubserving'],
  ])('%s', async (_, depth, code) => {
    const text = envelope([]).replace('[]', '['.repeat(depth) + ']'.repeat(depth));
    const server = await stubServer(() => ({ http: 200, text }));
    const sent = send(`${server.url}/predict/x`).then(
      () => undefined,
      (error: unknown) => (error as { code?: string }).code,
    );
    expect(await sent).toBe(code);
  });

  it('says that a server without TLS does not speak HTTPS', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([]) }));
    await expect(send(`${server.url.replace('http:', 'https:')}/predict/x`)).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining('what answers there does not speak HTTPS') as string,
    });
  });

  it("reports the server's own message if it refuses", async () => {
    const server = await stubServer(() => ({ http: 422, text: envelope('', { msg: 'no picture', status: '101' }) }));
    await expect(send(`${server.url}/predict/x`)).rejects.toMatchObject({
      message: 'no picture (HTTP 422, status "101")',
      exitCode: 5,
    });
  });

  it('trusts the status in the body if the HTTP status is 200', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope('', { msg: 'failed', status: '101' }) }));
    await expect(send(`${server.url}/predict/x`)).rejects.toThrow('failed (HTTP 200');
  });

  it.each(['<html></html>', '{}', 'null', '[]', '{"status": 0, "msg": ""}', ''])(
    'reports that a server with the answer %j is not an OCR service',
    async (text) => {
      const server = await stubServer(() => ({ http: 200, text }));
      await expect(send(`${server.url}/x`)).rejects.toMatchObject({
        message: `What answers at ${server.url}/x (HTTP 200) is not an OCR service`,
        hint: 'The address of a service ends in /predict/<module>.',
      });
    },
  );

  it('reports an unreachable server and how to start one', async () => {
    const url = `http://127.0.0.1:${await freePort()}/predict/x`;
    await expect(send(url)).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining(`No server answers at ${url}: connect ECONNREFUSED`) as string,
      hint: 'Start one: ocrhub serving start -m ocr_system',
      exitCode: 3,
    });
  });

  it('refuses a file that is too large for a request before it reads the file', async () => {
    const file = path.join(await temporaryFolder(), 'huge.tif');
    await writeFile(file, '');
    await truncate(file, 3 * 1024 ** 3);
    await expect(send('http://127.0.0.1:1/x', file)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: `${file} cannot be read: its 3221225472 bytes are more than the limit of ${maxRequestFile}`,
    });
  });

  it('names a missing file', async () => {
    await expect(send('http://127.0.0.1:1/x', '/nowhere.png')).rejects.toMatchObject({
      code: 'file_not_found',
      details: { file: '/nowhere.png' },
    });
  });
});

describe('sendFile with a format', () => {
  it('posts a form with the name of the file and the fields', async () => {
    const server = await stubServer(() => ({ http: 200, text: 'one\n', headers: { 'Content-Type': 'text/plain' } }));
    const more = { format: 'text', document: { format: 'text', pages: '1' }, fields: { drop_score: '0.70' } } as const;
    const sent = await send(`${server.url}/predict/x`, picture, more);
    expect(Buffer.from(sent.written?.bytes ?? []).toString()).toBe('one\n');
    expect(sent.written?.extension).toBe('txt');
    const { headers, body } = server.requests[0] ?? {};
    expect(headers?.['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    for (const part of [
      'name="format"\r\n\r\ntext\r\n',
      'name="pages"\r\n\r\n1\r\n',
      'name="drop_score"\r\n\r\n0.70\r\n',
    ]) {
      expect(body).toContain(part);
    }
    expect(body).toContain('name="file"; filename="pixel.png"');
  });

  it('takes an archive for a format with a file for each page', async () => {
    const headers = { 'Content-Type': 'application/zip' };
    const server = await stubServer(() => ({ http: 200, text: 'PK', headers }));
    expect((await send(server.url, picture, { format: 'page' })).written?.extension).toBe('zip');
  });

  it.each([
    ['another type', { http: 200, text: '<html>', headers: { 'Content-Type': 'text/html' } }, /is not an OCR service/],
    ['the envelope of a server that ignores it', { http: 200, text: envelope([[]]) }, /is not an OCR service/],
    ['a refusal', { http: 422, text: envelope('', { msg: 'no page 9', status: '101' }) }, /^no page 9 \(HTTP 422/],
  ])('refuses %s', async (_, answer, message) => {
    const server = await stubServer(() => answer);
    await expect(send(`${server.url}/x`, picture, { format: 'text' })).rejects.toThrow(message);
  });

  it('reports a refusal that a server answers with HTTP 200', async () => {
    const headers = { 'Content-Type': 'application/json', 'X-Ocrhub-Error': 'page_missing' };
    const server = await stubServer(() => ({
      http: 200,
      text: envelope('', { msg: 'no page', status: '101' }),
      headers,
    }));
    await expect(send(server.url, picture, { format: 'json' })).rejects.toMatchObject({
      code: 'server_refused',
      causeCode: 'page_missing',
    });
  });

  it('sends the password with PDF files only', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([[]]) }));
    const file = path.join(await temporaryFolder(), 'a.pdf');
    await writeFile(file, '%PDF-1.7');
    for (const each of [picture, file]) await send(server.url, each, { document: { password: 'secret' } });
    const [first, second] = server.requests;
    expect(first?.headers['content-type']).toBe('application/json');
    expect(first?.body).not.toContain('secret');
    expect(second?.body).toContain('name="password"\r\n\r\nsecret\r\n');
  });

  it('sends fields of a picture as JSON values', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([[]]) }));
    await send(server.url, picture, { fields: { drop_score: '0.7', name: '007' } });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ drop_score: 0.7, name: '007' });
  });
});
