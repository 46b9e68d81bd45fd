import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeImage } from '../../src/runtime/image/decode.js';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened, post, send } from '../helpers/http.js';
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
  base64 = Buffer.from(fixtureBytes('page.png')).toString('base64');
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
  const picture = fixtureBytes('page.png');
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

it('PaddleServing: POST /ocr/prediction', async () => {
  // Its client does not name the content type.
  const body = JSON.stringify({ key: ['image'], value: [base64] });
  const { http, text } = await send(`${server.url}/ocr/prediction`, { method: 'POST', body });
  const { value, ...rest } = JSON.parse(text) as { value: readonly string[] };
  expect([http, rest]).toEqual([200, { err_no: 0, err_msg: '', key: ['result'], tensors: [] }]);
  const tuples = lines.map((line) => `[('${line.text}', ${line.confidence}), ${pythonList(line.text_region)}]`);
  expect(value).toEqual([`[${tuples.join(', ')}]`]);
});

it('RapidOCR: POST /ocr with a form', async () => {
  const entries = lines.map((line, i) => [
    String(i),
    { rec_txt: line.text, dt_boxes: line.text_region, score: line.confidence },
  ]);
  const form = new FormData();
  form.set('image_file', new Blob([fixtureBytes('page.png')]), 'page.png');
  for (const body of [form, new URLSearchParams({ image_data: base64 })]) {
    const answer = await fetch(`${server.url}/ocr`, { method: 'POST', body });
    expect(await answer.json()).toEqual(Object.fromEntries(entries));
  }
});

it('LiteParse: POST /ocr with a form', async () => {
  const form = new FormData();
  form.set('file', new Blob([fixtureBytes('page.png')]), 'image.png');
  form.set('language', 'zh');
  const answer = await fetch(`${server.url}/ocr`, { method: 'POST', body: form });
  const { results } = (await answer.json()) as { results: readonly { text: string; bbox: number[] }[] };
  expect(results.map(({ text }) => text)).toEqual(lines.map(({ text }) => text));
  const xs = lines[0]?.text_region.map(([x]) => x ?? 0) ?? [];
  expect([results[0]?.bbox[0], results[0]?.bbox[2]]).toEqual([Math.min(...xs), Math.max(...xs)]);
});

it.each<[path: string, file: string, http: number, key: string]>([
  ['/ocr', 'image_file', 422, 'detail'],
  ['/ocr', 'file', 400, 'error'],
  ['/fastgpt/parse', 'file', 400, 'error'],
])('%s refuses a part that is no field of the module, with the file %s', async (path, file, http, key) => {
  const form = new FormData();
  form.set(file, new Blob([fixtureBytes('page.png')]), 'page.png');
  form.set('use_lamp', 'true');
  const answer = await fetch(server.url + path, { method: 'POST', body: form });
  expect([answer.status, await answer.json()]).toEqual([
    http,
    { [key]: expect.stringContaining('use_lamp') as string },
  ]);
});

it('Umi-OCR: POST /api/ocr', async () => {
  const { text } = await post(`${server.url}/api/ocr`, { base64 });
  const data = lines.map((line) => ({ text: line.text, score: line.confidence, box: line.text_region, end: '\n' }));
  expect(JSON.parse(text)).toMatchObject({ code: 100, data });
});

it('KServe: POST /v2/models/ocr/infer with a file, and with pixels', async () => {
  const { width, height, data } = await decodeImage(fixtureBytes('page.png'));
  const file = { name: 'image', shape: [1], datatype: 'BYTES', data: [base64] };
  const pixels = { name: 'image', shape: [1, height, width, 3], datatype: 'UINT8' };
  const head = Buffer.from(
    JSON.stringify({
      inputs: [{ ...pixels, parameters: { binary_data_size: data.length } }],
      outputs: [{ name: 'txts' }],
    }),
  );
  const answers = [
    await post(`${server.url}/v2/models/ocr/infer`, { inputs: [file], outputs: [{ name: 'txts' }] }),
    await post(`${server.url}/v2/models/ocr/infer`, Buffer.concat([head, data]), {
      headers: { 'Inference-Header-Content-Length': head.length },
    }),
  ];
  for (const { text } of answers) {
    const { outputs } = JSON.parse(text) as { outputs: readonly { data: readonly string[] }[] };
    expect(outputs[0]?.data).toEqual(lines.map((line) => line.text));
  }
});

it('--protocols leaves out the others', async () => {
  const few = await startServer(home, { flags: ['-m', 'ocr_system', '--protocols', 'umiocr,hubserving'] });
  const { text } = await post(`${few.url}/api/ocr`, { base64 });
  expect(JSON.parse(text)).toMatchObject({ code: 100 });
  expect((await post(`${few.url}/ocr`, { file: base64 })).http).toBe(404);
  const { paths } = JSON.parse((await send(`${few.url}/openapi.json`)).text) as { paths: object };
  const states = ['/health/live', '/health/ready', '/health', '/metrics'];
  expect(Object.keys(paths)).toEqual(['/predict/ocr_system', '/api/ocr', '/api/ocr/get_options', ...states]);
});

it.each(['paddle', ''])('--protocols refuses %j', async (name) => {
  const { code, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'ocr_system', '--protocols', name]);
  expect(code).toBe(2);
  expect(stderr).toContain('hubserving');
});

function pythonList(value: unknown): string {
  return JSON.stringify(value).replaceAll(',', ', ');
}

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
