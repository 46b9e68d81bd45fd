import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { OcrHubError } from '../../../../src/runtime/errors/error.js';
import { decodeImage } from '../../../../src/runtime/image/decode.js';
import { post, send, type Answer } from '../../../helpers/http.js';
import { helloLine, startLinesServer, type LinesServer } from '../../../helpers/lines-server.js';
import { makePdf } from '../../../helpers/pdf.js';

const picture = await readFile('test/fixtures/small.png');
const file = picture.toString('base64');

interface OcrAnswer {
  readonly logId: string;
  readonly errorCode: number;
  readonly errorMsg: string;
  readonly result?: {
    readonly ocrResults: readonly { readonly prunedResult: object; readonly ocrImage?: string }[];
    readonly dataInfo: object;
  };
}

function ocr({ url }: LinesServer, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return post(`${url}/ocr`, body, { headers });
}

function bodyOf({ text }: Answer): OcrAnswer {
  return JSON.parse(text) as OcrAnswer;
}

describe('POST /ocr with PaddleX JSON', () => {
  it("gives the answer that PaddleX's reference shows", async () => {
    const server = await startLinesServer();
    const answer = await ocr(server, { file, fileType: 1, visualize: false, logId: 'mine' });
    expect(answer.http).toBe(200);
    const box = helloLine.text_region;
    expect(bodyOf(answer)).toEqual({
      logId: 'mine',
      errorCode: 0,
      errorMsg: 'Success',
      result: {
        ocrResults: [
          {
            prunedResult: {
              model_settings: { use_doc_preprocessor: false, use_textline_orientation: false },
              dt_polys: [box],
              text_det_params: {
                limit_side_len: 960,
                limit_type: 'max',
                thresh: 0.3,
                max_side_limit: 4000,
                box_thresh: 0.4,
                unclip_ratio: 1.6,
              },
              text_type: 'general',
              textline_orientation_angles: [-1],
              text_rec_score_thresh: 0.5,
              return_word_box: false,
              rec_texts: ['Hello ocrhub'],
              rec_scores: [0.99],
              rec_polys: [box],
              rec_boxes: [[10, 10, 90, 30]],
            },
          },
        ],
        dataInfo: { width: 100, height: 40, type: 'image' },
      },
    });
    expect(server.requests[0]?.files.map(({ bytes }) => picture.equals(bytes))).toEqual([true]);
    expect(server.requests[0]?.fields).toEqual({});
    expect(server.records).toMatchObject([{ route: 'ocr_system', images: 1, outcome: 'answered', status: '0' }]);
  });

  it('draws the lines unless visualize is false', async () => {
    const server = await startLinesServer();
    for (const visualize of [undefined, null, true]) {
      const [result] = bodyOf(await ocr(server, { file, visualize })).result?.ocrResults ?? [];
      const drawn = Buffer.from(result?.ocrImage ?? '', 'base64');
      expect([...drawn.subarray(0, 2)]).toEqual([0xff, 0xd8]);
      const { width, height } = await decodeImage(drawn);
      const sent = await decodeImage(picture);
      expect([width, height]).toEqual([sent.width, sent.height]);
    }
    const [plain] = bodyOf(await ocr(server, { file, visualize: false })).result?.ocrResults ?? [];
    expect(Object.keys(plain ?? {})).toEqual(['prunedResult']);
  });

  it("passes on each of PaddleX's fields by the module's name, and the values are in the answer", async () => {
    const server = await startLinesServer();
    const answer = await ocr(server, {
      file,
      visualize: false,
      useDocOrientationClassify: false,
      useDocUnwarping: false,
      useTextlineOrientation: true,
      textDetLimitSideLen: 64,
      textDetLimitType: 'min',
      textDetThresh: 0.2,
      textDetBoxThresh: 0.6,
      textDetUnclipRatio: 1.5,
      textRecScoreThresh: 0,
      returnWordBox: true,
      pages: '1-2',
      use_dilation: true,
    });
    expect(server.requests[0]?.fields).toEqual({
      page_rotation: 0,
      use_angle_cls: true,
      det_limit_side_len: 64,
      det_limit_type: 'min',
      det_db_thresh: 0.2,
      det_db_box_thresh: 0.6,
      det_db_unclip_ratio: 1.5,
      drop_score: 0,
      return_word_box: true,
      use_dilation: true,
    });
    expect(server.requests[0]?.reading).toEqual({ pages: '1-2' });
    expect(bodyOf(answer).result?.ocrResults[0]?.prunedResult).toMatchObject({
      model_settings: { use_textline_orientation: true },
      text_det_params: { limit_side_len: 64, limit_type: 'min', thresh: 0.2, box_thresh: 0.6, unclip_ratio: 1.5 },
      text_rec_score_thresh: 0,
      return_word_box: true,
    });
  });

  it('takes null as no value, and a data URL as base64', async () => {
    const server = await startLinesServer();
    const nulls = { fileType: null, useDocUnwarping: null, textDetThresh: null, returnWordBox: null, unknown: null };
    expect((await ocr(server, { file: `data:image/png;base64,${file}`, visualize: false, ...nulls })).http).toBe(200);
    expect(server.requests[0]?.fields).toEqual({});
    expect(server.requests[0]?.files.map(({ bytes }) => picture.equals(bytes))).toEqual([true]);
  });

  it('gives the words of each line', async () => {
    const word = { text: 'Hello', confidence: 0.9, region: [[10, 10], [50, 11], [50, 30], [10, 29]] }; // prettier-ignore
    const server = await startLinesServer({ pages: [[{ ...helloLine, words: [word] }]] });
    const answer = await ocr(server, { file, visualize: false, returnWordBox: true });
    expect(bodyOf(answer).result?.ocrResults[0]?.prunedResult).toMatchObject({
      text_word: [['Hello']],
      text_word_boxes: [[[10, 10, 50, 30]]],
    });
  });

  it('gives an item for each page of a document, each with its picture', async () => {
    const pdf = Buffer.from(await makePdf([{ size: [100, 40] }, { size: [100, 40] }]));
    const server = await startLinesServer({ kind: 'document', pages: [[helloLine], []] });
    const { result } = bodyOf(await ocr(server, { file: pdf.toString('base64'), fileType: 0 }));
    expect(result?.dataInfo).toEqual({
      numPages: 2,
      pages: [
        { width: 100, height: 40 },
        { width: 100, height: 40 },
      ],
      type: 'pdf',
    });
    expect(result?.ocrResults.map(({ prunedResult }) => prunedResult)).toMatchObject([
      { rec_texts: ['Hello ocrhub'] },
      { rec_texts: [], rec_boxes: [] },
    ]);
    expect(result?.ocrResults[1]?.prunedResult).not.toHaveProperty('textline_orientation_angles');
    const starts = result?.ocrResults.map(({ ocrImage = '' }) => Buffer.from(ocrImage, 'base64')[1]);
    expect(starts).toEqual([0xd8, 0xd8]);
  });

  it('reads with the only module if none is served as ocr_system', async () => {
    const server = await startLinesServer({ routes: ['mine'] });
    expect((await ocr(server, { file, visualize: false })).http).toBe(200);
    expect(server.requests[0]?.route).toBe('mine');
  });
});

describe('POST /ocr writes errors in the form of PaddleX', () => {
  it.each<[body: unknown, errorMsg: string]>([
    ['{', 'The request cannot be read: '],
    [[], 'The request is a list; expected an object {"file": base64 or address, "fileType": 0 or 1, ...}'],
    [{}, 'Request to /ocr: file is nothing: expected a file in base64, or its address'],
    [{ file: 1 }, 'Request to /ocr: file is 1: expected a file in base64, or its address'],
    [{ file: '' }, 'file is not base64: it is empty'],
    [{ file: '?' }, 'file is not base64: character "?" at position 0'],
    [{ file, fileType: 2 }, 'Request to /ocr: fileType is 2: must be 0 (PDF), 1 (picture) or null'],
    [{ file, useDocUnwarping: true }, 'Request to /ocr: useDocUnwarping is true: pages are not flattened; expected '],
    [
      { file, textDetLimitSideLen: 5 },
      'Request to /ocr: textDetLimitSideLen is 5: expected an integer from 32 to 4000',
    ],
    [{ file, textDetThresh: '0.3' }, 'Request to /ocr: textDetThresh is "0.3": expected a number'],
    [{ file, textRecScoreThresh: 2 }, 'Request to /ocr: textRecScoreThresh is 2: expected a number from 0 to 1'],
    [{ file, textDetLimitType: 'mid' }, 'Request to /ocr: textDetLimitType is "mid": '],
    [{ file, format: 'text' }, 'Request to /ocr: format is "text": only /predict/<module> has this field'],
    [{ file: 'http://example.com/a.png' }, 'Addresses of files are refused: this server was started without '],
  ])('%#', async (body, errorMsg) => {
    const server = await startLinesServer();
    const answer = await ocr(server, body, { 'X-Request-Id': 'first' });
    expect(answer.http).toBe(422);
    expect(bodyOf(answer)).toEqual({
      logId: 'first',
      errorCode: 422,
      errorMsg: expect.stringContaining(errorMsg) as string,
    });
    expect(server.requests).toEqual([]);
  });

  it('refuses other content types and methods', async () => {
    const { url } = await startLinesServer();
    const plain = await send(`${url}/ocr`, { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } });
    expect([plain.http, bodyOf(plain).errorCode]).toEqual([415, 415]);
    const get = await send(`${url}/ocr`);
    expect([get.http, get.headers.allow, bodyOf(get).errorCode]).toEqual([405, 'POST, OPTIONS', 405]);
  });

  it('asks for the token, which clients send as Bearer or as token', async () => {
    const server = await startLinesServer({ token: 'sesame' });
    const refused = await ocr(server, { file });
    expect([refused.http, bodyOf(refused).errorCode]).toEqual([401, 401]);
    for (const word of ['Bearer', 'token']) {
      const answer = await ocr(server, { file, visualize: false }, { Authorization: `${word} sesame` });
      expect(answer.http).toBe(200);
    }
  });

  it('passes on the status of an error while the file is read', async () => {
    const server = await startLinesServer({
      fail: () => {
        throw new OcrHubError('deadline_missed', { seconds: 60 });
      },
    });
    const answer = await ocr(server, { file });
    expect([answer.http, bodyOf(answer).errorCode, bodyOf(answer).errorMsg]).toEqual([
      504,
      504,
      'The request took longer than 60 s',
    ]);
  });

  it('refuses an answer without lines', async () => {
    const server = await startLinesServer({ pages: [[{ angle: '180' }]] });
    const answer = await ocr(server, { file, visualize: false });
    expect([answer.http, answer.headers['x-ocrhub-error']]).toEqual([422, 'lines_missing']);
  });

  it.each([[[]], [['ocr_det', 'ocr_rec']]])('names the modules if none is chosen: %j', async (routes) => {
    const server = await startLinesServer({ routes });
    const answer = await ocr(server, { file });
    const have = routes.join(', ') || 'none';
    expect([answer.http, bodyOf(answer).errorMsg]).toEqual([
      404,
      `/ocr is answered by the module ocr_system, which is not served; this server has ${have}`,
    ]);
    expect(server.records).toMatchObject([{ outcome: 'not_found', httpStatus: 404 }]);
  });
});

it('/openapi.json has /ocr with the fields of PaddleX', async () => {
  const { url } = await startLinesServer();
  const { paths } = JSON.parse((await send(`${url}/openapi.json`)).text) as { paths: Record<string, object> };
  expect(paths['/ocr']).toMatchObject({
    post: {
      requestBody: {
        content: {
          'application/json': {
            schema: { required: ['file'], properties: { file: { type: 'string' }, visualize: {} } },
          },
        },
      },
    },
  });
});
