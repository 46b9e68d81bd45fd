import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeImage } from '../../src/runtime/image/decode.js';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened, post } from '../helpers/http.js';
import { makePdf } from '../helpers/pdf.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { predict, startServer, type TestServer } from '../helpers/server.js';

/** Each protocol on a real server gives the lines that /predict gives. */

interface Line {
  readonly text: string;
  readonly confidence: number;
  readonly text_region: readonly (readonly number[])[];
}

let home: string;
let server: TestServer;
let base64: string;
let lines: readonly Line[];

beforeAll(async () => {
  home = await sharedHome();
  await ocrhubJson(home, ['install', 'ocr_system']);
  server = await startServer(home, { flags: ['-m', 'ocr_system'] });
  base64 = Buffer.from(await fixtureBytes('page.png')).toString('base64');
  [lines = []] = opened<Line[][]>(await predict(server, 'ocr_system', { images: [base64] })).results;
  expect(lines).toHaveLength(12);
});

afterAll(() => removeHome(home));

it('PaddleX: POST /ocr', async () => {
  const { http, text } = await post(`${server.url}/ocr`, { file: base64, fileType: 1 });
  const { result } = JSON.parse(text) as PaddleXAnswer;
  const [{ prunedResult, ocrImage }] = result.ocrResults;
  expect(http).toBe(200);
  expect(prunedResult.rec_texts).toEqual(lines.map((line) => line.text));
  expect(prunedResult.rec_scores).toEqual(lines.map((line) => line.confidence));
  expect(prunedResult.rec_polys).toEqual(lines.map((line) => line.text_region));
  const drawn = await decodeImage(Buffer.from(ocrImage, 'base64'));
  expect(result.dataInfo).toEqual({ width: drawn.width, height: drawn.height, type: 'image' });
});

it('PaddleX: POST /ocr draws each page of a PDF file', async () => {
  const picture = await fixtureBytes('page.png');
  const pdf = Buffer.from(await makePdf([{ picture }, { picture }]));
  const { text } = await post(`${server.url}/ocr`, { file: pdf.toString('base64'), fileType: 0 });
  const { result } = JSON.parse(text) as PaddleXAnswer;
  expect(result.dataInfo).toMatchObject({ numPages: 2, type: 'pdf' });
  expect(result.ocrResults).toHaveLength(2);
  for (const { prunedResult, ocrImage } of result.ocrResults) {
    expect(prunedResult.rec_texts.length).toBeGreaterThan(8);
    await expect(decodeImage(Buffer.from(ocrImage, 'base64'))).resolves.toBeDefined();
  }
});

interface PaddleXResult {
  readonly prunedResult: {
    readonly rec_texts: readonly string[];
    readonly rec_scores: readonly number[];
    readonly rec_polys: readonly (readonly (readonly number[])[])[];
  };
  readonly ocrImage: string;
}

interface PaddleXAnswer {
  readonly result: {
    readonly ocrResults: readonly [PaddleXResult, ...PaddleXResult[]];
    readonly dataInfo: object;
  };
}
