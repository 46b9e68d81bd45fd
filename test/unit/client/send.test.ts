import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkServerUrl, sendPicture } from '../../../src/runtime/client/send.js';
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

describe('sendPicture', () => {
  it('posts one picture as base64 JSON and returns the answer of the server', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([[{ text: 'a' }]]) }));
    const sent = await sendPicture(`${server.url}/predict/ocr_system`, picture, undefined);
    expect(sent).toMatchObject({ file: picture, response: { msg: '', results: [[{ text: 'a' }]], status: '000' } });
    const [request] = server.requests;
    expect(request).toMatchObject({ url: '/predict/ocr_system', headers: { 'content-type': 'application/json' } });
    expect(request?.headers.authorization).toBeUndefined();
    expect(JSON.parse(request?.body ?? '')).toEqual({ images: [(await readFile(picture)).toString('base64')] });
  });

  it('sends the token as a bearer token', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([]) }));
    await sendPicture(`${server.url}/predict/x`, picture, 'secret');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret');
  });

  it("reports the server's own message if it refuses", async () => {
    const server = await stubServer(() => ({ http: 422, text: envelope('', { msg: 'no picture', status: '101' }) }));
    await expect(sendPicture(`${server.url}/predict/x`, picture, undefined)).rejects.toMatchObject({
      message: 'no picture (HTTP 422, status "101")',
      exitCode: 5,
    });
  });

  it('trusts the status in the body if the HTTP status is 200', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope('', { msg: 'failed', status: '101' }) }));
    await expect(sendPicture(`${server.url}/predict/x`, picture, undefined)).rejects.toThrow('failed (HTTP 200');
  });

  it.each(['<html></html>', '{}', 'null', '[]', '{"status": 0, "msg": ""}', ''])(
    'reports that a server with the answer %j is not an OCR service',
    async (text) => {
      const server = await stubServer(() => ({ http: 200, text }));
      await expect(sendPicture(`${server.url}/x`, picture, undefined)).rejects.toMatchObject({
        message: `What answers at ${server.url}/x (HTTP 200) is not an OCR service`,
        hint: 'The address of a service ends in /predict/<module>.',
      });
    },
  );

  it('reports an unreachable server and how to start one', async () => {
    const url = `http://127.0.0.1:${await freePort()}/predict/x`;
    await expect(sendPicture(url, picture, undefined)).rejects.toMatchObject({
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
    await expect(sendPicture('http://127.0.0.1:1/x', file, undefined)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: `${file} cannot be read: its 3221225472 bytes are more than a request can carry`,
    });
  });

  it('names a missing file', async () => {
    await expect(sendPicture('http://127.0.0.1:1/x', '/nowhere.png', undefined)).rejects.toMatchObject({
      code: 'file_not_found',
      details: { file: '/nowhere.png' },
    });
  });
});
