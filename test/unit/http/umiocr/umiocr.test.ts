import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { post, send } from '../../../helpers/http.js';
import { helloLine, startLinesServer } from '../../../helpers/lines-server.js';

const base64 = (await readFile('test/fixtures/small.png')).toString('base64');

const lower = { ...helloLine, text: 'second', text_region: helloLine.text_region.map(([x = 0, y = 0]) => [x, y + 20]) };

interface UmiAnswer {
  readonly code: number;
  readonly data: unknown;
}

async function read(options?: object | null, pages: unknown[][] = [[helloLine, lower]]): Promise<UmiAnswer> {
  const { url } = await startLinesServer({ pages });
  return JSON.parse((await post(`${url}/api/ocr`, { base64, options })).text) as UmiAnswer;
}

it('POST /api/ocr gives the lines, with the time that the work took', async () => {
  const hello = { text: 'Hello ocrhub', score: 0.99, box: helloLine.text_region, end: '\n' };
  const answer = await read(null, [[helloLine]]);
  expect(answer).toEqual({
    code: 100,
    data: [hello],
    time: expect.closeTo(0.003) as number,
    timestamp: expect.closeTo(Date.now() / 1000, -1) as number,
  });
  expect(await read({}, [[]])).toMatchObject({ code: 101, data: '' });
});

it.each<[options: object, data: unknown]>([
  [{ 'data.format': 'text', 'tbpu.parser': 'multi_line' }, 'Hello ocrhub\nsecond'],
  [{ 'data.format': 'text', 'tbpu.parser': 'none' }, 'Hello ocrhub\nsecond'],
  [{ 'data.format': 'text', 'tbpu.parser': 'multi_none' }, 'Hello ocrhub second'],
  [{ 'tbpu.ignoreArea': [[[0, 0], [95, 30]]], 'data.format': 'text' }, 'second'], // prettier-ignore
  [{ 'tbpu.ignoreArea': [[[0, 0], [50, 100]]], 'data.format': 'text', 'tbpu.parser': 'none' }, 'Hello ocrhub\nsecond'], // prettier-ignore
])('honors %j', async (options, data) => {
  expect(await read(options)).toMatchObject({ code: 100, data });
});

it('passes on the options for the module by its names', async () => {
  const { url, requests } = await startLinesServer();
  await post(`${url}/api/ocr`, { base64, options: { 'ocr.cls': true, 'ocr.limit_side_len': 999999 } });
  await post(`${url}/api/ocr`, { base64, options: { 'ocr.language': 'models/config_chinese.txt' } });
  expect(requests.map(({ fields }) => fields)).toEqual([{ use_angle_cls: true, det_limit_side_len: 4000 }, {}]);
});

it.each<[body: unknown, http: number, data: RegExp]>([
  ['{', 400, /^The request cannot be read: /],
  [{}, 200, /: base64 is nothing: expected a picture in base64$/],
  [{ base64: '?' }, 200, /^base64 is not base64: /],
  [
    { base64, options: { 'tbpu.parser': 'single_code' } },
    200,
    /: options\.tbpu\.parser is "single_code": expected one of /,
  ],
  [{ base64, options: { 'tbpu.ignoreArea': [[1, 2]] } }, 200, /: options\.tbpu\.ignoreArea/],
  [
    { base64, options: { 'data.form': 'text' } },
    200,
    /: options: unknown field "data\.form"; did you mean "data\.format"/,
  ],
])('refuses %# with code 800', async (body, http, data) => {
  const { url, requests } = await startLinesServer();
  const answer = await post(`${url}/api/ocr`, body);
  expect([answer.http, JSON.parse(answer.text)]).toEqual([
    http,
    { code: 800, data: expect.stringMatching(data) as string },
  ]);
  expect(requests).toEqual([]);
});

it('GET /api/ocr/get_options lists the options that a request may have, with their defaults', async () => {
  const { url } = await startLinesServer();
  const options = JSON.parse((await send(`${url}/api/ocr/get_options`)).text) as Record<string, { default: unknown }>;
  const defaults = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]));
  expect(Object.keys(defaults)).toEqual([
    ...['ocr.language', 'ocr.cls', 'ocr.limit_side_len', 'tbpu.parser', 'tbpu.ignoreArea', 'data.format'],
  ]);
  expect((await read(defaults)).code).toBe(100);
});
