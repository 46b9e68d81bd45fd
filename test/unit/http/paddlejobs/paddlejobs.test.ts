import { expect, it } from 'vitest';
import { fixtureBytes } from '../../../helpers/pictures.js';
import { post, send } from '../../../helpers/http.js';
import { helloLine, startLinesServer } from '../../../helpers/lines-server.js';
import { untilFound } from '../../../helpers/until-found.js';

const picture = fixtureBytes('small.png');

interface Status {
  readonly jobId: string;
  readonly state: string;
  readonly errorMsg?: string;
  readonly extractProgress?: object;
  readonly resultUrl?: { readonly jsonUrl: string };
}

interface Envelope<T> {
  readonly code: number;
  readonly msg: string;
  readonly data: T;
}

async function submit(
  url: string,
  parts: Readonly<Record<string, string>>,
  token = '',
): Promise<[number, Envelope<Status>]> {
  const body = new FormData();
  for (const [name, text] of Object.entries({ model: 'PP-OCRv6', ...parts })) if (text !== '') body.set(name, text);
  body.set('file', new Blob([picture]), 'document.pdf');
  const headers = token === '' ? {} : { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/api/v2/ocr/jobs`, { method: 'POST', body, headers });
  return [answer.status, (await answer.json()) as Envelope<Status>];
}

async function ended(url: string, id: string, headers: Record<string, string> = {}): Promise<Status> {
  return untilFound(async () => {
    const { text } = await send(`${url}/api/v2/ocr/jobs/${id}`, { headers });
    const { data } = JSON.parse(text) as Envelope<Status>;
    return data.state === 'done' || data.state === 'failed' ? data : undefined;
  });
}

it('takes a form, tells the state of the job, and has a line of JSON for each page at an address that needs no token', async () => {
  const { url, requests } = await startLinesServer({ pages: [[helloLine], []], kind: 'document', token: 'sesame' });
  const options = { useTextlineOrientation: true, textRecScoreThresh: 0.4, useDocUnwarping: false };
  const parts = { optionalPayload: JSON.stringify(options), pageRanges: '1-2', batchId: 'b 1' };
  const [http, { code, data: submitted }] = await submit(url, parts, 'sesame');
  expect([http, code]).toEqual([200, 0]);
  const { jobId } = submitted;
  expect((await send(`${url}/api/v2/ocr/jobs/${jobId}`)).http).toBe(401);
  const headers = { Authorization: 'Bearer sesame' };
  const { extractProgress, resultUrl } = await ended(url, jobId, headers);
  expect(extractProgress).toMatchObject({ totalPages: 2, extractedPages: 2 });
  expect(requests[0]).toMatchObject({
    fields: { use_angle_cls: true, drop_score: 0.4 },
    reading: { pages: '1-2' },
    files: [{ name: 'document.pdf' }],
  });
  const jsonUrl = String(resultUrl?.jsonUrl);
  const lines = (await send(jsonUrl)).text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    {
      errorCode: 0,
      result: {
        ocrResults: [
          {
            prunedResult: {
              rec_texts: ['Hello ocrhub'],
              rec_boxes: [[10, 10, 90, 30]],
              text_rec_score_thresh: 0.4,
              model_settings: { use_textline_orientation: true },
            },
          },
        ],
        dataInfo: { numPages: 2, type: 'tiff' },
      },
    },
    { result: { ocrResults: [{ prunedResult: { rec_texts: [] } }] } },
  ]);
  expect((await send(jsonUrl.replace(/[\da-f]{8}\/result/, '00000000/result'))).http).toBe(404);
  const batch = JSON.parse((await send(`${url}/api/v2/ocr/jobs/batch/b%201`, { headers })).text) as Envelope<object>;
  expect(batch.data).toMatchObject({ batchId: 'b 1', extractResult: [{ jobId, state: 'done', resultUrl }] });
  expect((await send(`${url}/api/v2/ocr/jobs/batch/b2`, { headers })).http).toBe(404);
});

it('answers the models for layouts with Markdown, and draws pages where that is asked', async () => {
  const { url } = await startLinesServer();
  const parts = { model: 'PP-StructureV3', optionalPayload: '{"visualize":true,"prettifyMarkdown":true}' };
  const [, { data }] = await submit(url, parts);
  const { resultUrl } = await ended(url, data.jobId);
  const { text } = await send(String(resultUrl?.jsonUrl));
  const { result } = JSON.parse(text) as {
    result: {
      layoutParsingResults: [{ prunedResult: object; markdown: object; outputImages: { overall_ocr_res: string } }];
    };
  };
  const [{ prunedResult, markdown, outputImages }] = result.layoutParsingResults;
  expect(markdown).toMatchObject({ text: 'Hello ocrhub' });
  expect(prunedResult).toMatchObject({
    parsing_res_list: [{ block_label: 'text', block_content: 'Hello ocrhub', block_bbox: [10, 10, 90, 30] }],
  });
  const drawn = await fetch(outputImages.overall_ocr_res);
  expect(drawn.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await drawn.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  expect((await fetch(outputImages.overall_ocr_res.replace(/1$/, '2'))).status).toBe(404);
});

it.each([
  [{ model: 'GPT' }, 400, 'expected one of PP-OCRv5'],
  [{ optionalPayload: '{"useTableRecognition":true}' }, 400, 'useTableRecognition'],
  [{ optionalPayload: '{"textDetThresh":7}' }, 400, 'textDetThresh'],
  [{ optionalPayload: '{"format":"pdf"}' }, 400, 'format'],
  [{ optionalPayload: '[]' }, 400, 'optionalPayload as JSON'],
  [{ pageRanges: 'x' }, 400, 'page numbers'],
  [{ colour: 'red' }, 400, 'unknown field'],
])('refuses %j in its own form', async (parts, http, message) => {
  const { url } = await startLinesServer();
  const [status, { code, msg }] = await submit(url, parts);
  expect([status, code]).toEqual([http, http]);
  expect(msg).toContain(message);
});

it('refuses a job without a file, one with an address, and an unknown job, in its own form', async () => {
  const { url } = await startLinesServer();
  const jobs = `${url}/api/v2/ocr/jobs`;
  const probe = await fetch(jobs, { method: 'POST', body: new URLSearchParams({ model: 'PP-OCRv6' }) });
  expect([probe.status, await probe.json()]).toMatchObject([
    400,
    { code: 400, msg: expect.stringContaining('it has no file') as string },
  ]);
  const address = await post(jobs, { model: 'PP-OCRv6', fileUrl: 'http://127.0.0.1/a.png', optionalPayload: {} });
  expect([address.http, address.text]).toEqual([400, expect.stringContaining('--allow_urls')]);
  const unknown = await send(`${jobs}/j${'0'.repeat(40)}`);
  expect([unknown.http, JSON.parse(unknown.text)]).toMatchObject([404, { code: 404, data: null }]);
  expect((await send(jobs, { method: 'DELETE' })).http).toBe(405);
});

it('tells the jobs of a batch to their own token alone, and counts a job for it', async () => {
  const tokens = [
    { value: 'sesame', name: 'scanner' },
    { value: 'thyme', name: 'archive' },
  ];
  const { url, records } = await startLinesServer({ http: { tokens: () => tokens } });
  const [, { data }] = await submit(url, { batchId: 'monday' }, 'sesame');
  await ended(url, data.jobId, { Authorization: 'Bearer sesame' });
  const batch = async (token: string): Promise<[number, string | undefined]> => {
    const { http, text } = await send(`${url}/api/v2/ocr/jobs/batch/monday`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const { data: found } = JSON.parse(text) as Envelope<{ extractResult: readonly Status[] } | null>;
    return [http, found?.extractResult.map(({ jobId }) => jobId).join()];
  };
  expect(await batch('sesame')).toEqual([200, data.jobId]);
  expect(await batch('thyme')).toEqual([404, undefined]);
  expect(records).toMatchObject([{ token: 'scanner', outcome: 'answered' }]);
});
