import { expect, it } from 'vitest';
import { OcrHubError } from '../../../../src/runtime/errors/error.js';
import { post, send } from '../../../helpers/http.js';
import { helloLine, startLinesServer } from '../../../helpers/lines-server.js';
import { untilFound } from '../../../helpers/until-found.js';

const read = '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30';
const source = { base64Source: Buffer.from('picture').toString('base64') };

interface Operation {
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly analyzeResult: {
    readonly content: string;
    readonly pages: readonly object[];
    readonly paragraphs: object[];
  };
}

async function operationAt(url: string): Promise<Operation> {
  return untilFound(async () => {
    const operation = JSON.parse((await send(url)).text) as Operation;
    return operation.status === 'running' ? undefined : operation;
  });
}

it('accepts a document, and answers its lines and words at the address of the job', async () => {
  const { url, requests, records } = await startLinesServer({
    pages: [[{ ...helloLine, words: [word('Hello', 10, 50), word('ocrhub', 55, 90)] }]],
  });
  const accepted = await post(`${url}${read}&stringIndexType=unicodeCodePoint`, source);
  expect([accepted.http, accepted.text, accepted.headers['retry-after']]).toEqual([202, '', '1']);
  const place = String(accepted.headers['operation-location']);
  expect(place).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/documentintelligence\/documentModels\/prebuilt-read\/analyzeResults\/j[\da-f]{40}\?api-version=2024-11-30$/,
  );
  const { status, analyzeResult } = await operationAt(place);
  expect(status).toBe('succeeded');
  expect(analyzeResult).toEqual({
    apiVersion: '2024-11-30',
    modelId: 'prebuilt-read',
    stringIndexType: 'unicodeCodePoint',
    content: 'Hello ocrhub',
    pages: [
      {
        pageNumber: 1,
        angle: 0,
        width: 100,
        height: 40,
        unit: 'pixel',
        words: [
          {
            content: 'Hello',
            polygon: [10, 10, 50, 10, 50, 30, 10, 30],
            confidence: 0.9,
            span: { offset: 0, length: 5 },
          },
          {
            content: 'ocrhub',
            polygon: [55, 10, 90, 10, 90, 30, 55, 30],
            confidence: 0.9,
            span: { offset: 6, length: 6 },
          },
        ],
        lines: [
          { content: 'Hello ocrhub', polygon: [10, 10, 90, 10, 90, 30, 10, 30], spans: [{ offset: 0, length: 12 }] },
        ],
        spans: [{ offset: 0, length: 12 }],
      },
    ],
    paragraphs: [
      {
        content: 'Hello ocrhub',
        boundingRegions: [{ pageNumber: 1, polygon: [10, 10, 90, 10, 90, 30, 10, 30] }],
        spans: [{ offset: 0, length: 12 }],
      },
    ],
    styles: [],
    contentFormat: 'text',
  });
  expect(
    requests.map(({ fields, files }) => [fields, files.map(({ bytes }) => Buffer.from(bytes).toString())]),
  ).toEqual([[{ return_word_box: true }, ['picture']]]);
  expect(records).toMatchObject([{ route: 'ocr_system', images: 1, outcome: 'answered' }]);
  expect((await send(place, { method: 'DELETE' })).http).toBe(204);
  expect((await send(place)).http).toBe(404);
});

function word(text: string, left: number, right: number): object {
  const region = [
    [left, 10],
    [right, 10],
    [right, 30],
    [left, 30],
  ];
  return { text, confidence: 0.9, region };
}

it('takes a file as it is, and the older name of the service', async () => {
  const { url, requests } = await startLinesServer();
  const path = '/formrecognizer/documentModels/prebuilt-layout:analyze?api-version=2023-07-31&pages=1-2&locale=de';
  const sent = { method: 'POST', body: 'picture', headers: { 'Content-Type': 'image/png' } };
  const accepted = await send(`${url}${path}`, sent);
  const { analyzeResult } = await operationAt(String(accepted.headers['operation-location']));
  expect(analyzeResult).toMatchObject({
    modelId: 'prebuilt-layout',
    apiVersion: '2023-07-31',
    tables: [],
    content: 'Hello ocrhub',
  });
  expect(requests[0]).toMatchObject({ reading: { pages: '1-2' }, files: [{ name: '' }] });
});

it('writes Markdown in which each line has its place', async () => {
  const below = { ...helloLine, text: '# 2', text_region: helloLine.text_region.map(([x = 0, y = 0]) => [x, y + 400]) };
  const { url } = await startLinesServer({ pages: [[helloLine, below], [helloLine]], kind: 'document' });
  const accepted = await post(`${url}${read.replace('read', 'layout')}&outputContentFormat=markdown`, source);
  const { analyzeResult } = await operationAt(String(accepted.headers['operation-location']));
  const { content, pages } = analyzeResult;
  expect(content).toBe('Hello ocrhub\n\n\\# 2\n\n<!-- PageBreak -->\n\nHello ocrhub');
  const lines = (pages as { lines: { spans: { offset: number; length: number }[] }[] }[]).flatMap((page) => page.lines);
  const texts = lines.map(({ spans: [span] }) =>
    content.slice(span?.offset, (span?.offset ?? 0) + (span?.length ?? 0)),
  );
  expect(texts).toEqual(['Hello ocrhub', '\\# 2', 'Hello ocrhub']);
});

it.each([
  [{ ...source }, '', '&features=barcodes', 400, 'InvalidArgument', 'features'],
  [{ ...source }, '', '&outputContentFormat=html', 400, 'InvalidArgument', 'text or markdown'],
  [{ ...source }, '', '&queryFields=a', 400, 'InvalidArgument', 'queryFields'],
  [{ ...source }, '', '&output=svg', 400, 'InvalidArgument', 'pdf or figures'],
  [{}, '', '', 400, 'InvalidRequest', 'one source'],
  [{ base64Source: '?' }, '', '', 400, 'InvalidArgument', 'base64Source is not base64'],
  [{ base64Source: 'YQ==', urlSource: 'https://a.example/' }, '', '', 400, 'InvalidRequest', 'one source'],
  [{ urlSource: 'https://a.example/' }, '', '', 400, 'InvalidArgument', '--allow_urls'],
  [{ ...source }, 'read|invoice', '', 404, 'NotFound', 'prebuilt-invoice'],
  [{ ...source }, ':analyze|/analyzed', '', 404, 'NotFound', 'nothing at POST'],
] as const)('refuses %j, %j, %j in its own form', async (body, change, query, http, code, message) => {
  const { url } = await startLinesServer();
  const [from = '', to = ''] = change.split('|');
  const refused = await post(`${url}${read.replace(from, to)}${query}`, body);
  const { error } = JSON.parse(refused.text) as Operation;
  expect([refused.http, error?.code]).toEqual([http, code]);
  expect(error?.message).toContain(message);
});

it('tells why a job failed, and has no result of it', async () => {
  const fail = (): never => {
    throw new OcrHubError('deadline_missed', { seconds: 60 });
  };
  const { url, records, refusals } = await startLinesServer({ fail });
  const place = String((await post(`${url}${read}`, source)).headers['operation-location']);
  const { status, error } = await operationAt(place);
  expect([status, error?.code, error?.message]).toEqual(['failed', 'Timeout', 'The request took longer than 60 s']);
  expect(records).toMatchObject([{ outcome: 'timeout', httpStatus: 504, images: 1 }]);
  expect((await send(place.replace('?', '/pdf?'))).http).toBe(504);
  // The log has it, once, from the job.
  expect(refusals).toEqual([]);
});

it('answers with the searchable PDF file of a job, and only of one that asked for it', async () => {
  const { url } = await startLinesServer();
  const place = String((await post(`${url}${read}`, source)).headers['operation-location']);
  await operationAt(place);
  const missing = await send(place.replace('?', '/pdf?'));
  expect([missing.http, missing.text]).toEqual([404, expect.stringContaining('output=pdf')]);
});

it('needs the token at each step, and finds a job under its own model alone', async () => {
  const { url } = await startLinesServer({ token: 'sesame' });
  expect((await post(`${url}${read}`, source)).http).toBe(401);
  const headers = { Authorization: 'Bearer sesame' };
  const place = String((await post(`${url}${read}`, source, { headers })).headers['operation-location']);
  const refused = await send(place);
  expect([refused.http, JSON.parse(refused.text)]).toMatchObject([401, { error: { code: 'Unauthorized' } }]);
  expect((await send(place, { headers })).http).toBe(200);
  expect((await send(place.replace('prebuilt-read', 'prebuilt-layout'), { headers })).http).toBe(404);
  expect((await send(place.replace(/j[\da-f]{39}/, '../../../etc/passwd'), { headers })).http).toBe(404);
});
