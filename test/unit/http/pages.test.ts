import { expect, it } from 'vitest';
import { send } from '../../helpers/http.js';
import { startLinesServer } from '../../helpers/lines-server.js';

it.each(['/openapi.json', '/health/live', '/api/ocr/get_options'])(
  '%s answers GET and HEAD, and names them to a client that asks or sends something',
  async (path) => {
    const { url } = await startLinesServer();
    const statuses = ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE'].map((method) => send(url + path, { method }));
    const answers = await Promise.all(statuses);
    expect(answers.map(({ http }) => http)).toEqual([200, 200, 200, 405, 405]);
    expect(answers.slice(2).map(({ headers }) => headers.allow)).toEqual(Array(3).fill('GET, HEAD, OPTIONS'));
  },
);

it.each(['/openapi.json', '/health/live', '/health/ready', '/health', '/v2', '/api/ocr/get_options', '/v1/files'])(
  '%s is answered in full to a client that names a version which it has',
  async (path) => {
    const { url } = await startLinesServer();
    for (const headers of [{ 'If-None-Match': '*' }, { 'If-Modified-Since': new Date().toUTCString() }]) {
      const { http, text } = await send(url + path, { headers });
      expect([http, text]).toEqual([200, expect.stringMatching(/^\{/)]);
    }
  },
);
