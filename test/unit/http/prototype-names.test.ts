import { expect, it } from 'vitest';
import { post } from '../../helpers/http.js';
import { startLinesServer } from '../../helpers/lines-server.js';
import { fixtureBytes } from '../../helpers/pictures.js';

const names = ['__proto__', 'constructor', 'toString'] as const;

const picture = Buffer.from(fixtureBytes('small.png')).toString('base64');

/** Requests in JSON with room for another field. */
const requests = [
  ['/v1/ocr', `"model": "m", "document": {"type": "image_url", "image_url": "data:image/png;base64,${picture}"}`],
  ['/v1/convert/source', `"sources": [{"kind": "file", "filename": "a.png", "base64_string": "${picture}"}]`],
  ['/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30', `"base64Source": "${picture}"`],
] as const;

it.each(requests.flatMap(([path, fields]) => names.map((name) => [name, path, fields] as const)))(
  'a field named %s is refused at %s and changes no object',
  async (name, path, fields) => {
    const { url, requests: read } = await startLinesServer();
    const { http, text } = await post(`${url}${path}`, `{${fields}, "${name}": {"polluted": true}}`);
    expect([400, 422]).toContain(http);
    expect(text).toContain(name);
    expect(read).toEqual([]);
    expect('polluted' in {}).toBe(false);
  },
);

it.each(['"__proto__": {"drop_score": 0.9}', '"extra": [{"__proto__": 1}]'])(
  'a key named __proto__ is refused at /ocr, which passes other unknown fields on: %s',
  async (field) => {
    const { url, requests: read } = await startLinesServer();
    const { http, text } = await post(`${url}/ocr`, `{"file": "${picture}", "fileType": 1, ${field}}`);
    expect([400, 422]).toContain(http);
    expect(text).toContain('__proto__');
    expect(read).toEqual([]);
    expect('drop_score' in {}).toBe(false);
  },
);

it.each(names)('a parameter of the query named %s is refused', async (name) => {
  const { url, requests: read } = await startLinesServer();
  const path = '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30';
  const { http, text } = await post(`${url}${path}&${name}=1`, `{"base64Source": "${picture}"}`);
  expect(http).toBe(400);
  expect(text).toContain(name);
  expect(read).toEqual([]);
});

it.each(names)('a field of HubServing named %s comes to the module as a field of this name', async (name) => {
  const { url, requests: read } = await startLinesServer();
  const headers = { 'Content-Type': 'image/png' };
  const body = new Uint8Array(fixtureBytes('small.png'));
  await fetch(`${url}/predict/ocr_system?${name}=1`, { method: 'POST', headers, body });
  await post(`${url}/predict/ocr_system`, `{"images": ["${picture}"], "${name}": {"polluted": 1}}`);
  expect(read.map(({ fields }) => Object.keys(fields))).toEqual([[name], [name]]);
  expect('polluted' in {}).toBe(false);
});

async function convert(url: string, parts: readonly (readonly [string, string])[]): Promise<Response> {
  const body = new FormData();
  for (const [name, text] of parts) body.append(name, text);
  body.set('files', new Blob(['picture']), 'a.png');
  return fetch(`${url}/v1/convert/file`, { method: 'POST', body });
}

it.each(names)('a part of a form named %s is refused', async (name) => {
  const { url, requests: read } = await startLinesServer();
  const answer = await convert(url, [[name, 'x']]);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(name);
  expect(read).toEqual([]);
});

it.each(names)('a part of a form may hold the text %s', async (text) => {
  const { url } = await startLinesServer();
  expect((await convert(url, [['ocr_engine', text]])).status).toBe(200);
});
