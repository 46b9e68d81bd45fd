import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { post, send } from '../../../helpers/http.js';
import { helloLine, startLinesServer } from '../../../helpers/lines-server.js';

const data = `data:image/png;base64,${Buffer.from('picture').toString('base64')}`;
const document = { type: 'image_url', image_url: data };

interface Failure {
  readonly object: string;
  readonly message: string;
  readonly type: string;
}

interface KeptFile {
  readonly id: string;
}

async function upload(
  url: string,
  parts: Readonly<Record<string, string>> = { purpose: 'ocr' },
  token = '',
): Promise<Response> {
  const body = new FormData();
  for (const [name, text] of Object.entries(parts)) body.set(name, text);
  body.set('file', new Blob(['picture']), 'a.pdf');
  const headers = token === '' ? {} : { Authorization: `Bearer ${token}` };
  return fetch(`${url}/v1/files`, { method: 'POST', body, headers });
}

it('answers the pages as Markdown, with blocks and scores where they are asked', async () => {
  const low = {
    ...helloLine,
    text: '# 2',
    confidence: 0.5,
    text_region: helloLine.text_region.map(([x = 0, y = 0]) => [x, y + 400]),
  };
  const { url, requests } = await startLinesServer({ pages: [[helloLine, low], []], kind: 'document' });
  const asked = {
    model: 'mistral-ocr-latest',
    document,
    pages: [0, 3],
    include_blocks: true,
    confidence_scores_granularity: 'page',
  };
  const { http, text } = await post(`${url}/v1/ocr`, { ...asked, image_limit: 0, include_image_base64: false });
  expect(http).toBe(200);
  expect(JSON.parse(text)).toEqual({
    pages: [
      {
        ...{
          index: 0,
          markdown: 'Hello ocrhub\n\n\\# 2',
          images: [],
          tables: [],
          hyperlinks: [],
          header: null,
          footer: null,
        },
        dimensions: { dpi: 200, height: 40, width: 100 },
        blocks: [
          {
            type: 'text',
            top_left_x: 10,
            top_left_y: 10,
            bottom_right_x: 90,
            bottom_right_y: 30,
            content: 'Hello ocrhub',
          },
          { type: 'text', top_left_x: 10, top_left_y: 410, bottom_right_x: 90, bottom_right_y: 430, content: '# 2' },
        ],
        confidence_scores: { average_page_confidence_score: 0.745, minimum_page_confidence_score: 0.5 },
      },
      {
        ...{ index: 1, markdown: '', images: [], tables: [], hyperlinks: [], header: null, footer: null },
        dimensions: { dpi: 200, height: 40, width: 100 },
        blocks: [],
        confidence_scores: null,
      },
    ],
    model: 'mistral-ocr-latest',
    document_annotation: null,
    usage_info: { pages_processed: 2, doc_size_bytes: 7 },
  });
  expect(requests[0]?.reading.pages).toBe('1,4');
  await post(`${url}/v1/ocr`, { model: null, document, pages: '0-2,5' });
  expect(requests[1]?.reading.pages).toBe('1-3,6');
});

it('keeps a file, tells an address of it that needs no token, reads it by that address or its id, and removes it', async () => {
  const { url, requests } = await startLinesServer({ token: 'sesame' });
  expect((await upload(url)).status).toBe(401);
  const headers = { Authorization: 'Bearer sesame' };
  const kept = (await (
    await upload(url, { purpose: 'ocr', expiry: '24', visibility: 'workspace' }, 'sesame')
  ).json()) as KeptFile;
  expect(kept).toMatchObject({
    object: 'file',
    bytes: 7,
    filename: 'a.pdf',
    purpose: 'ocr',
    sample_type: 'ocr_input',
    source: 'upload',
    visibility: 'workspace',
  });
  const at = `${url}/v1/files/${kept.id}`;
  expect(JSON.parse((await send(at, { headers })).text)).toEqual(kept);
  expect(JSON.parse((await send(`${url}/v1/files`, { headers })).text)).toEqual({
    object: 'list',
    data: [kept],
    total: 1,
  });
  expect((await send(`${at}/content`)).http).toBe(401);
  expect((await send(`${at}/content`, { headers })).text).toBe('picture');

  const { url: signed } = JSON.parse((await send(`${at}/url?expiry=1`, { headers })).text) as { url: string };
  const content = await send(signed);
  expect([content.http, content.text, content.headers['content-disposition']]).toEqual([200, 'picture', 'attachment']);
  const forged = await send(signed.replace(/signed\/(\d+)/, 'signed/99$1'));
  expect([forged.http, JSON.parse(forged.text)]).toMatchObject([404, { object: 'error', type: 'not_found' }]);
  const { url: past } = JSON.parse((await send(`${at}/url?expiry=0`, { headers })).text) as { url: string };
  expect((await send(past)).http).toBe(404);

  const byUrl = { type: 'document_url', document_url: signed.replace('127.0.0.1', 'ocr.example') };
  for (const asked of [byUrl, { type: 'file', file_id: kept.id }]) {
    expect((await post(`${url}/v1/ocr`, { model: 'm', document: asked }, { headers })).http).toBe(200);
  }
  expect(requests.map(({ files }) => files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]))).toEqual([
    [['a.pdf', 'picture']],
    [['a.pdf', 'picture']],
  ]);
  expect(JSON.parse((await send(at, { method: 'DELETE', headers })).text)).toEqual({
    id: kept.id,
    object: 'file',
    deleted: true,
  });
  for (const gone of [at, signed]) expect((await send(gone, { headers })).http).toBe(404);
  const lost = await post(`${url}/v1/ocr`, { model: 'm', document: byUrl }, { headers });
  expect([lost.http, (JSON.parse(lost.text) as Failure).object]).toEqual([404, 'error']);
});

it('a file with an expiry is gone after it', async () => {
  const { url } = await startLinesServer();
  const { id } = (await (await upload(url, { purpose: 'ocr', expiry: '0' })).json()) as KeptFile;
  expect((await send(`${url}/v1/files/${id}`)).http).toBe(404);
  expect(JSON.parse((await send(`${url}/v1/files`)).text)).toEqual({ object: 'list', data: [], total: 0 });
});

it.each([
  [{ model: 'm' }, 'document'],
  [{ document: { type: 'url', url: 'x' } }, 'type document_url, image_url or file'],
  [{ document, document_annotation_format: { type: 'json_schema' } }, 'there are no annotations'],
  [{ document, extract_header: true }, 'headers are not told apart'],
  [{ document, temperature: 1 }, 'temperature'],
  [{ document, pages: [-1] }, 'pages'],
  [{ document: { type: 'image_url', image_url: 'data:image/png;base64,?' } }, 'image_url is not base64'],
  [{ document: { type: 'document_url', document_url: 'http://127.0.0.1/a' } }, '--allow_urls'],
])('refuses %j in its own form', async (body, message) => {
  const { url } = await startLinesServer();
  const refused = await post(`${url}/v1/ocr`, body);
  const failure = JSON.parse(refused.text) as Failure;
  expect([refused.http, failure.object, failure.type]).toEqual([400, 'error', 'invalid_request_error']);
  expect(failure.message).toContain(message);
});

it.each([
  [{ purpose: 'batch' }, 'expected ocr'],
  [{ expiry: 'soon' }, 'number of hours'],
  [{ label: 'x' }, 'label'],
])('refuses an upload with %j', async (parts, message) => {
  const { url } = await startLinesServer();
  const refused = await upload(url, parts);
  expect([refused.status, ((await refused.json()) as Failure).message]).toEqual([
    400,
    expect.stringContaining(message),
  ]);
});

it('does not fetch an address of its own network, also if it looks like one of an uploaded file', async () => {
  const asked: string[] = [];
  const inside = createServer((request, response) => {
    asked.push(String(request.url));
    response.end('secret');
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void inside.close());
  const { url } = await startLinesServer({ allowUrls: ['localhost', '127.0.0.1'] });
  const base = `http://127.0.0.1:${(inside.address() as AddressInfo).port}`;
  for (const path of ['/a.png', `/v1/files/f${'0'.repeat(40)}/signed/9999999999/aa`]) {
    const refused = await post(`${url}/v1/ocr`, {
      model: 'm',
      document: { type: 'document_url', document_url: `${base}${path}` },
    });
    expect((JSON.parse(refused.text) as Failure).object).toBe('error');
  }
  expect(asked).toEqual([]);
});

it('lists the files of its own token alone', async () => {
  const tokens = [
    { value: 'sesame', name: 'scanner' },
    { value: 'thyme', name: 'archive' },
  ];
  const { url } = await startLinesServer({ http: { tokens: () => tokens } });
  const { id } = (await (await upload(url, { purpose: 'ocr' }, 'sesame')).json()) as KeptFile;
  const listed = async (token: string): Promise<unknown> => {
    const { text } = await send(`${url}/v1/files`, { headers: { Authorization: `Bearer ${token}` } });
    return (JSON.parse(text) as { data: readonly KeptFile[] }).data.map((file) => file.id);
  };
  expect(await listed('sesame')).toEqual([id]);
  expect(await listed('thyme')).toEqual([]);
});

it.each([
  ['base64 alone', Buffer.from('picture').toString('base64')],
  ['a data address in capitals behind a blank', ` ${data.replace('data:', 'DATA:')}`],
  ['a data address with percent signs', encodeURIComponent(data)],
])('takes a document as %s', async (_, given) => {
  const { url } = await startLinesServer({ pages: [[helloLine]], kind: 'document' });
  const asked = { model: 'mistral-ocr-latest', document: { type: 'document_url', document_url: given } };
  expect((await post(`${url}/v1/ocr`, asked)).http).toBe(200);
});

it('names a document that is the path of a file', async () => {
  const { url } = await startLinesServer({ pages: [[helloLine]], kind: 'document' });
  const asked = { model: 'mistral-ocr-latest', document: { type: 'document_url', document_url: '/home/a/page.pdf' } };
  const { http, text } = await post(`${url}/v1/ocr`, asked);
  expect(http).toBe(400);
  expect((JSON.parse(text) as Failure).message).toContain('it looks like the path of a file, "/home/a/page.pdf"');
});
