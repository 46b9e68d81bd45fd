import { describe, expect, it } from 'vitest';
import { post, send } from '../../../helpers/http.js';
import { helloLine, startLinesServer } from '../../../helpers/lines-server.js';
import { untilFound } from '../../../helpers/until-found.js';

/* Open WebUI's loader, docling-serve, FastGPT and PaddleX's pipelines for layouts: forms that answer Markdown. */

const file = Buffer.from('picture').toString('base64');
const pages = [[helloLine], [{ ...helloLine, text: '* end' }]];

function formOf(field: string, parts: readonly (readonly [string, string])[] = []): FormData {
  const form = new FormData();
  for (const [name, text] of parts) form.append(name, text);
  form.set(field, new Blob(['picture']), 'a b.pdf');
  return form;
}

describe('PUT /process', () => {
  it('answers a document for each page, and the name from the header', async () => {
    const { url, requests } = await startLinesServer({ pages, kind: 'document' });
    const headers = { 'Content-Type': 'application/pdf', 'X-Filename': '%C3%BCber%2Fa%20b.pdf' };
    const { http, text } = await send(`${url}/process`, { method: 'PUT', body: 'picture', headers });
    expect([http, JSON.parse(text)]).toEqual([
      200,
      [
        { page_content: 'Hello ocrhub', metadata: { page: 1, source: 'a b.pdf' } },
        { page_content: '\\* end', metadata: { page: 2, source: 'a b.pdf' } },
      ],
    ]);
    expect(Buffer.from(requests[0]?.files[0]?.bytes ?? []).toString()).toBe('picture');
  });

  it('takes any type of content, no name, and a broken one', async () => {
    const { url } = await startLinesServer();
    for (const headers of [{}, { 'Content-Type': 'text/html' }, { 'X-Filename': '%' }]) {
      expect((await send(`${url}/process`, { method: 'PUT', body: 'x', headers })).http).toBe(200);
    }
  });

  it('refuses in its own form: a wrong token, another method', async () => {
    const { url } = await startLinesServer({ token: 'sesame' });
    const refused = await send(`${url}/process`, { method: 'PUT', body: 'x' });
    expect([refused.http, JSON.parse(refused.text)]).toEqual([401, { detail: 'This server asks for a token' }]);
    const other = await send(`${url}/process`, { method: 'POST', body: 'x' });
    expect([other.http, JSON.parse(other.text)]).toMatchObject([405, { detail: expect.any(String) as string }]);
  });
});

describe('docling-serve', () => {
  const document = { json_content: null, html_content: null, doctags_content: null };

  it('converts a file of a form', async () => {
    const { url, requests } = await startLinesServer({ pages, kind: 'document' });
    const parts = [
      ...[
        ['to_formats', 'md'],
        ['to_formats', 'text'],
        ['do_ocr', 'true'],
        ['pipeline', 'standard'],
      ],
      ...[
        ['page_range', '2'],
        ['page_range', '3'],
        ['image_export_mode', 'placeholder'],
        ['md_page_break_placeholder', '<!--p-->'],
      ],
    ] as [string, string][];
    const answer = await fetch(`${url}/v1/convert/file`, { method: 'POST', body: formOf('files', parts) });
    expect(await answer.json()).toEqual({
      document: {
        ...document,
        filename: 'a b.pdf',
        md_content: 'Hello ocrhub\n\n<!--p-->\n\n\\* end',
        text_content: 'Hello ocrhub\n\n* end',
      },
      status: 'success',
      errors: [],
      processing_time: 0.003,
      timings: {},
    });
    expect(requests[0]).toMatchObject({ reading: { pages: '2-3' }, fields: {} });
  });

  it('converts a source, and takes the text of the file where no OCR is asked', async () => {
    const { url, requests } = await startLinesServer();
    const options = { from_formats: ['pdf'], to_formats: ['json', 'md', 'text'], do_ocr: false };
    const sources = [{ kind: 'file', filename: 'x.pdf', base64_string: file }];
    const { text } = await post(`${url}/v1/convert/source`, { options, sources });
    expect(JSON.parse(text)).toMatchObject({
      document: { filename: 'x.pdf', md_content: 'Hello ocrhub', text_content: 'Hello ocrhub' },
    });
    expect(requests[0]?.reading).toEqual({ use_text_layer: true });
  });

  it('converts as a job', async () => {
    const { url } = await startLinesServer();
    const accepted = await fetch(`${url}/v1/convert/file/async`, { method: 'POST', body: formOf('files') });
    const { task_id: id } = (await accepted.json()) as { task_id: string };
    await untilFound(async () => {
      const { text } = await send(`${url}/v1/status/poll/${id}?wait=2`);
      return (JSON.parse(text) as { task_status: string }).task_status === 'success' ? true : undefined;
    });
    expect(JSON.parse((await send(`${url}/v1/result/${id}`)).text)).toMatchObject({
      document: { md_content: 'Hello ocrhub', text_content: null },
    });
    const unknown = await send(`${url}/v1/result/j${'0'.repeat(40)}`);
    expect([unknown.http, JSON.parse(unknown.text)]).toEqual([404, { detail: `There is no job j${'0'.repeat(40)}` }]);
  });

  it.each([
    [{ options: { do_picture_description: true } }, 'do_picture_description'],
    [{ options: { colour: 'red' } }, 'colour'],
    [{ sources: [] }, 'one source'],
    [{ sources: [{ kind: 's3' }] }, 'kind file or http'],
    [{ sources: [{ kind: 'http', url: 'http://127.0.0.1/a' }] }, '--allow_urls'],
    [{ sources: [{ kind: 'http', url: 'http://a/', headers: { Cookie: 'a' } }] }, 'headers are not sent'],
    [{ target: { kind: 'zip' } }, 'expected inbody'],
  ])('refuses %j in its own form', async (change, message) => {
    const { url } = await startLinesServer();
    const sources = [{ kind: 'file', filename: 'x', base64_string: file }];
    const refused = await post(`${url}/v1/convert/source`, { sources, ...change });
    const { detail } = JSON.parse(refused.text) as { detail: string };
    expect(refused.http).toBe(400);
    expect(detail).toContain(message);
  });
});

describe('POST /fastgpt/parse', () => {
  it('answers the number of pages and their Markdown', async () => {
    const { url } = await startLinesServer({ pages, kind: 'document' });
    const answer = await fetch(`${url}/fastgpt/parse`, { method: 'POST', body: formOf('file') });
    expect(await answer.json()).toEqual({ pages: 2, markdown: 'Hello ocrhub\n\n\\* end' });
    const refused = await fetch(`${url}/fastgpt/parse`, { method: 'POST', body: formOf('files') });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { error: expect.stringContaining('"files"') as string },
    ]);
  });

  it('passes on fields of the module and of documents', async () => {
    const { url, requests } = await startLinesServer();
    const body = formOf('file', [['pages', '007'], ['drop_score', '0.7']]); // prettier-ignore
    expect((await fetch(`${url}/fastgpt/parse`, { method: 'POST', body })).status).toBe(200);
    expect(requests[0]).toMatchObject({ reading: { pages: '007' }, fields: { drop_score: 0.7 }, output: undefined });
  });

  it.each<[parts: [string, string][], error: string]>([
    [
      [['format', 'markdown']],
      'Request to /fastgpt/parse: format is "markdown": only /predict/<module> has this field',
    ],
    [[['paragraphs', 'true']], 'paragraphs is "true": only /predict/<module> has this field'],
    [[['page_pictures', 'true']], 'page_pictures is "true": only /predict/<module> has this field'],
    [
      [
        ['password', 'a'],
        ['password', 'b'],
      ],
      'the form has the part "password" twice',
    ],
    [[['dpi', 'high']], 'dpi is "high": '],
  ])('refuses %j by name', async (parts, error) => {
    const { url, requests } = await startLinesServer();
    const answer = await fetch(`${url}/fastgpt/parse`, { method: 'POST', body: formOf('file', parts) });
    expect([answer.status, await answer.json()]).toEqual([400, { error: expect.stringContaining(error) as string }]);
    expect(requests).toEqual([]);
  });
});

describe('POST /layout-parsing', () => {
  it('answers paragraphs as blocks and Markdown, and ignores pictures unless they are asked for', async () => {
    const { url, requests } = await startLinesServer({ pages, kind: 'document' });
    const asked = {
      file,
      fileType: 1,
      useDocOrientationClassify: false,
      useDocUnwarping: false,
      useChartRecognition: false,
    };
    const { text } = await post(`${url}/layout-parsing`, {
      ...asked,
      formatBlockContent: true,
      restructurePages: false,
    });
    expect(JSON.parse(text)).toMatchObject({
      errorCode: 0,
      result: {
        layoutParsingResults: [
          {
            markdown: { text: 'Hello ocrhub', images: {} },
            prunedResult: { parsing_res_list: [{ block_content: 'Hello ocrhub', block_bbox: [10, 10, 90, 30] }] },
          },
          { markdown: { text: '\\* end' } },
        ],
        dataInfo: { numPages: 2 },
      },
    });
    expect(requests[0]?.output).toBeUndefined();
    const refused = await post(`${url}/layout-parsing`, { file, useTableRecognition: true });
    expect([refused.http, JSON.parse(refused.text)]).toMatchObject([
      422,
      { errorCode: 422, errorMsg: expect.stringContaining('useTableRecognition') as string },
    ]);
    expect((await send(`${url}/layout-parsing`)).http).toBe(405);
  });
});
