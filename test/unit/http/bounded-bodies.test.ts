import { expect, it } from 'vitest';
import { post } from '../../helpers/http.js';
import { startLinesServer } from '../../helpers/lines-server.js';
import { fixtureBytes } from '../../helpers/pictures.js';

const picture = Buffer.from(fixtureBytes('small.png')).toString('base64');

const analyze = '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30';

/** A field of each protocol that takes JSON. */
const fields = [
  ['/predict/ocr_system', 'images'],
  ['/predict/ocr_system', 'drop_score'],
  ['/v2/models/ocr_system/infer', 'model_name'],
  ['/v2/models/ocr_system/infer', 'inputs'],
  ['/v1/ocr', 'document'],
  ['/v1/convert/source', 'sources'],
  ['/v1/convert/source', 'options'],
  ['/api/ocr', 'base64'],
  ['/api/ocr', 'options'],
  ['/ocr', 'file'],
  ['/ocr', 'logId'],
  ['/ocr/prediction', 'key'],
  ['/layout-parsing', 'file'],
  ['/api/v2/ocr/jobs', 'model'],
  ['/api/v2/ocr/jobs', 'optionalPayload'],
  [analyze, 'base64Source'],
] as const;

const depth = 20_000;
const deepValues = ['['.repeat(depth) + ']'.repeat(depth), `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`] as const;

it.each(fields)('POST %s refuses a field %s that is nested 20,000 deep', async (path, field) => {
  const { url, requests, records } = await startLinesServer();
  for (const value of deepValues) {
    const { text } = await post(`${url}${path}`, `{"${field}":${value}}`);
    expect(text).toContain('a field is nested more than 100 deep');
  }
  expect(records.map(({ httpStatus }) => httpStatus)).toEqual([400, 400]);
  expect(requests).toEqual([]);
});

/** Protocols that take fields as parts of a form or in the query, each with a file. */
const forms = [
  ['/predict/ocr_system', 'file'],
  ['/ocr', 'image_file'],
  ['/ocr', 'file'],
  ['/fastgpt/parse', 'file'],
] as const;

async function sendForm(url: string, file: string, texts: Readonly<Record<string, string>>): Promise<string> {
  const body = new FormData();
  for (const [name, text] of Object.entries(texts)) body.set(name, text);
  body.set(file, new Blob([new Uint8Array(fixtureBytes('small.png'))]), 'a.png');
  return (await fetch(url, { method: 'POST', body })).text();
}

const many = `[${'{},'.repeat(60_000)}0]`;

it.each(forms)('POST %s with the file %s refuses texts that are deep or many JSON values', async (path, file) => {
  const { url, requests, records } = await startLinesServer();
  for (const value of deepValues) {
    expect(await sendForm(url + path, file, { drop_score: value })).toContain('nested more than 100 deep');
    expect(await sendForm(url + path, file, { dpi: value })).toContain('nested more than 100 deep');
  }
  // Together: each could be sent.
  expect(await sendForm(url + path, file, { a: many, b: many })).toContain('more than 100000 values');
  expect(records.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'invalid'));
  expect(requests).toEqual([]);
});

it('a query whose values are nested deeply is refused', async () => {
  const { url, records } = await startLinesServer();
  const headers = { 'Content-Type': 'image/png' };
  const body = new Uint8Array(fixtureBytes('small.png'));
  const answer = await fetch(`${url}/predict/ocr_system?dpi=${'['.repeat(6000)}${']'.repeat(6000)}`, { method: 'POST', headers, body }); // prettier-ignore
  expect(await answer.text()).toContain('nested more than 100 deep');
  expect(records.map(({ httpStatus }) => httpStatus)).toEqual([400]);
});

it.each(['/ocr', '/api/v2/ocr/jobs'])(
  'POST %s counts the parts of a form without files before it parses them',
  async (path) => {
    const { url, requests } = await startLinesServer({ http: { maxBody: 64 * 1024 ** 2 } });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    // Parsed, they would take five gigabytes.
    const answer = await fetch(url + path, { method: 'POST', headers, body: 'a&'.repeat(28 * 1024 ** 2) });
    expect([400, 422]).toContain(answer.status);
    expect(await answer.text()).toContain('the form has more than 1000 parts');
    expect(requests).toEqual([]);
  },
);

it('a form without files may have 1000 parts', async () => {
  const { url } = await startLinesServer();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const send = (count: number): Promise<Response> => {
    const rest = Array.from({ length: count - 1 }, (_, i) => `f${i}=1`).join('&');
    return fetch(`${url}/ocr`, { method: 'POST', headers, body: `image_data=${encodeURIComponent(picture)}&${rest}` });
  };
  expect((await send(1000)).status).toBe(200);
  expect((await send(1001)).status).toBe(422);
});

it('an answer cannot be made a thousand times as long: each output of KServe once', async () => {
  const { url, requests } = await startLinesServer();
  const inputs = [{ name: 'image', shape: [1], datatype: 'BYTES', data: [picture] }];
  const outputs = Array.from({ length: 30_000 }, () => ({ name: 'results' }));
  const { http, text } = await post(`${url}/v2/models/ocr_system/infer`, JSON.stringify({ inputs, outputs }));
  expect([http, text]).toEqual([400, expect.stringContaining('another output has this name')]);
  expect(requests).toEqual([]);
});

it('an answer cannot be made a thousand times as long: the text between the pages of docling-serve', async () => {
  const { url } = await startLinesServer({ pages: [[], []], kind: 'document' });
  const send = (length: number): Promise<{ http: number; text: string }> => {
    const options = { md_page_break_placeholder: '-'.repeat(length) };
    const sources = [{ kind: 'file', filename: `folder/${'x'.repeat(1e5)}`, base64_string: picture }];
    return post(`${url}/v1/convert/source`, JSON.stringify({ options, sources }));
  };
  const { text } = await send(1000);
  expect(text.length).toBeLessThan(3000);
  expect(JSON.parse(text)).toMatchObject({ document: { filename: 'x'.repeat(255) } });
  expect(await send(1001)).toMatchObject({
    http: 400,
    text: expect.stringContaining('at most 1000 characters') as string,
  });
});
