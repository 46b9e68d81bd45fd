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

it.each([
  '/health',
  '/health/live',
  '/metrics',
  '/openapi.json',
  '/v2/models',
  '/v1/files',
  '/v1/files/x',
  '/v1/result/x',
  '/api/v2/ocr/results/x/y/result.jsonl',
  '/documentintelligence/documentModels/prebuilt-read/analyzeResults/x',
  '/nothing',
  '/',
])('no cache may keep the answer of %s', async (path) => {
  const { url } = await startLinesServer();
  for (const method of ['GET', 'POST']) {
    const { headers } = await send(url + path, { method });
    expect([method, headers['cache-control']]).toEqual([method, 'no-store']);
  }
});

it.each([
  ['/v1/files?page=-1', 'page is -1: expected a number from 0'],
  ['/v1/files?page_size=1001', 'page_size is 1001: expected a number from 1 to 1000'],
  ['/v1/status/poll/x?wait=-1', 'wait is -1: expected seconds from 0'],
])('%s is told the range', async (path, message) => {
  const { url } = await startLinesServer();
  const { http, text } = await send(url + path);
  expect([http, text]).toEqual([400, expect.stringContaining(message)]);
});
