import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { helloLine, startLinesServer, type LinesServer } from '../../../helpers/lines-server.js';

const picture = await readFile('test/fixtures/small.png');
const base64 = picture.toString('base64');

type Parts = readonly (readonly [name: string, value: string | Buffer])[];

function form(parts: Parts): FormData {
  const data = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([Uint8Array.from(value)]), 'image_file.png');
  }
  return data;
}

async function post({ url }: LinesServer, body: FormData | URLSearchParams): Promise<{ http: number; json: unknown }> {
  const answer = await fetch(`${url}/ocr`, { method: 'POST', body });
  return { http: answer.status, json: await answer.json() };
}

const rapidAnswer = { '0': { rec_txt: 'Hello ocrhub', dt_boxes: helloLine.text_region, score: 0.99 } };
const liteAnswer = { results: [{ text: 'Hello ocrhub', bbox: [10, 10, 90, 30], confidence: 0.99 }] };

describe('POST /ocr with a form', () => {
  it.each<[what: string, body: FormData | URLSearchParams, answer: object]>([
    ["RapidOCR's file", form([['image_file', picture]]), rapidAnswer],
    ["RapidOCR's file behind a text", form([['use_cls', ''], ['image_file', picture]]), rapidAnswer], // prettier-ignore
    ["RapidOCR's base64", form([['image_data', base64]]), rapidAnswer],
    ["RapidOCR's base64 without files", new URLSearchParams({ image_data: base64 }), rapidAnswer],
    ["LiteParse's file", form([['file', picture], ['language', 'zh']]), liteAnswer], // prettier-ignore
  ])('answers %s in its own form', async (_, body, answer) => {
    const server = await startLinesServer();
    expect(await post(server, body)).toEqual({ http: 200, json: answer });
    expect(server.requests[0]?.files.map(({ bytes }) => picture.equals(bytes))).toEqual([true]);
    expect(server.requests[0]?.fields).toEqual({});
  });

  it('answers a picture without text', async () => {
    const server = await startLinesServer({ pages: [[]] });
    expect((await post(server, form([['image_file', picture]]))).json).toEqual({});
    expect((await post(server, form([['file', picture]]))).json).toEqual({ results: [] });
  });

  it('takes base64 that is longer than other texts of a form', async () => {
    const server = await startLinesServer();
    const long = Buffer.alloc(700_000, 1).toString('base64');
    expect((await post(server, form([['image_data', long]]))).http).toBe(200);
  });

  it('passes on use_cls and fields of the module', async () => {
    const server = await startLinesServer();
    const parts: Parts = [['image_file', picture], ['use_cls', 'true'], ['use_det', 'True'], ['drop_score', '0.7']]; // prettier-ignore
    expect((await post(server, form(parts))).http).toBe(200);
    expect(server.requests[0]?.fields).toEqual({ use_angle_cls: true, drop_score: 0.7 });
  });

  it.each<[what: string, body: FormData | URLSearchParams, http: number, json: object]>([
    [
      'no file',
      new URLSearchParams({ a: 'b' }),
      422,
      { detail: /: it holds no file; expected a form with the file image_file/ },
    ],
    ['bad base64', form([['image_data', '?']]), 422, { detail: /^image_data is not base64: / }],
    [
      'use_rec',
      form([
        ['image_file', picture],
        ['use_rec', 'false'],
      ]),
      422,
      { detail: /: use_rec is "false": lines are always read$/ },
    ],
    [
      'use_det',
      form([
        ['image_file', picture],
        ['use_det', 'maybe'],
      ]),
      422,
      { detail: /: use_det is "maybe": expected true or false$/ },
    ],
    [
      'both',
      form([
        ['image_file', picture],
        ['image_data', base64],
      ]),
      422,
      { detail: /: image_file is given as well$/ },
    ],
    [
      'a form without a file',
      form([['language', 'en']]),
      400,
      { error: /: the form holds no file; expected a form with the file "file"$/ },
    ],
    [
      'a format',
      form([
        ['image_file', picture],
        ['format', 'text'],
      ]),
      422,
      { detail: /^Request to \/ocr: format is "text": only \/predict\/<module> has this field$/ },
    ],
    [
      'paragraphs',
      new URLSearchParams({ image_data: base64, paragraphs: 'true' }),
      422,
      { detail: /: paragraphs is "true": only \/predict/ },
    ],
    [
      'use_cls twice',
      form([
        ['image_file', picture],
        ['use_cls', '1'],
        ['use_cls', '0'],
      ]),
      422,
      { detail: /: the form has the part "use_cls" twice; / },
    ],
    [
      "LiteParse's file and a format",
      form([
        ['file', picture],
        ['format', 'pdf'],
      ]),
      400,
      { error: /: format is "pdf": only \/predict/ },
    ],
    [
      "LiteParse's file and page_pictures",
      form([
        ['file', picture],
        ['page_pictures', 'false'],
      ]),
      400,
      { error: /: page_pictures is "false": only \/predict/ },
    ],
    [
      'language twice',
      form([
        ['file', picture],
        ['language', 'en'],
        ['language', 'zh'],
      ]),
      400,
      { error: /: the form has the part "language" twice; / },
    ],
    [
      'bad pages',
      form([
        ['file', picture],
        ['pages', 'all'],
      ]),
      400,
      { error: /: pages is "all": expected page numbers/ },
    ],
    ['another name', form([['picture', picture]]), 400, { error: /: its file is "picture"; / }],
  ])('refuses %s in the form of the protocol', async (_, body, http, json) => {
    // prettier-ignore
    const server = await startLinesServer();
    const [[key, message]] = Object.entries(json) as [[string, RegExp]];
    expect(await post(server, body)).toEqual({ http, json: { [key]: expect.stringMatching(message) as string } });
    expect(server.requests).toEqual([]);
  });
});

it('/openapi.json has the bodies of all protocols at /ocr', async () => {
  const { url } = await startLinesServer();
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, { post: { requestBody: { content: Record<string, { schema: { anyOf?: unknown[] } }> } } }>;
  };
  const content = paths['/ocr']?.post.requestBody.content ?? {};
  expect(Object.keys(content).toSorted()).toEqual([
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  ]);
  expect(content['multipart/form-data']?.schema.anyOf).toHaveLength(2);
});
