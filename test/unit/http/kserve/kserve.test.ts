import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../../src/runtime/image/decode.js';
import { post, send } from '../../../helpers/http.js';
import { helloLine, startLinesServer } from '../../../helpers/lines-server.js';

const picture = await readFile('test/fixtures/small.png');
const base64 = picture.toString('base64');
const image = { name: 'image', shape: [1], datatype: 'BYTES', data: [base64] };

const second = { ...helloLine, text: 'zweite Größe', confidence: 0.5 };

/** A body with the extension for binary data, and its headers. */
function binaryBody(json: object, ...tensors: Uint8Array[]): { body: Buffer; headers: Record<string, string> } {
  const head = Buffer.from(JSON.stringify(json));
  return {
    body: Buffer.concat([head, ...tensors]),
    headers: { 'Inference-Header-Content-Length': String(head.length), 'Content-Type': 'application/octet-stream' },
  };
}

/** An element of BYTES. */
function element(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

interface Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: readonly unknown[];
  readonly parameters?: { readonly binary_data_size: number };
}

interface InferAnswer {
  readonly model_name: string;
  readonly outputs: readonly Output[];
}

describe('a picture as BYTES', () => {
  it('is answered with all outputs of the lines', async () => {
    const { url, requests } = await startLinesServer({ pages: [[helloLine, second]] });
    const { http, text } = await post(`${url}/v2/models/ocr_system/infer`, { id: 'a 1', inputs: [image] });
    expect([http, JSON.parse(text)]).toEqual([
      200,
      {
        model_name: 'ocr_system',
        model_version: '1.0.0',
        id: 'a 1',
        outputs: [
          { name: 'boxes', datatype: 'FP32', shape: [2, 4, 2], data: [...[10, 10, 90, 10, 90, 30, 10, 30], ...[10, 10, 90, 10, 90, 30, 10, 30]] }, // prettier-ignore
          { name: 'txts', datatype: 'BYTES', shape: [2], data: ['Hello ocrhub', 'zweite Größe'] },
          { name: 'scores', datatype: 'FP32', shape: [2], data: [0.99, 0.5] },
          { name: 'image_index', datatype: 'INT32', shape: [2], data: [0, 0] },
          { name: 'page_number', datatype: 'INT32', shape: [2], data: [1, 1] },
        ],
      },
    ]);
    expect(requests.map(({ files }) => files.map(({ bytes }) => Buffer.from(bytes)))).toEqual([[picture]]);
  });

  it('is answered with the outputs that are asked for, in their order', async () => {
    const { url } = await startLinesServer({ pages: [[helloLine], [second]], kind: 'document' });
    const outputs = [{ name: 'page_number' }, { name: 'txts' }, { name: 'results' }];
    const { text } = await post(`${url}/v2/models/ocr/infer`, { inputs: [image], outputs });
    const answer = JSON.parse(text) as InferAnswer;
    expect(answer.model_name).toBe('ocr');
    expect(answer.outputs.map(({ name, data }) => [name, data])).toEqual([
      ['page_number', [1, 2]],
      ['txts', ['Hello ocrhub', 'zweite Größe']],
      ['results', [JSON.stringify([helloLine])]],
    ]);
  });

  it('may be binary, and the client need not name the type of the body', async () => {
    const { url, requests } = await startLinesServer({ pages: [[helloLine, second]] });
    const bytes = element(picture);
    const json = {
      inputs: [{ name: 'image', shape: [1, 1], datatype: 'BYTES', parameters: { binary_data_size: bytes.length } }],
      outputs: [
        { name: 'txts', parameters: { binary_data: true } },
        { name: 'scores', parameters: { binary_data: true } },
        { name: 'boxes' },
      ],
    };
    const { body, headers } = binaryBody(json, bytes);
    const { 'Inference-Header-Content-Length': length } = headers;
    const answer = await fetch(`${url}/v2/models/ocr/infer`, {
      method: 'POST',
      body,
      headers: { 'Inference-Header-Content-Length': length ?? '', 'Content-Type': '' },
    });
    const answered = Buffer.from(await answer.arrayBuffer());
    const end = Number(answer.headers.get('inference-header-content-length'));
    const { outputs } = JSON.parse(answered.subarray(0, end).toString()) as InferAnswer;
    const texts = [element(Buffer.from('Hello ocrhub')), element(Buffer.from('zweite Größe'))];
    expect(outputs.map(({ name, parameters, data }) => [name, parameters?.binary_data_size, data?.length])).toEqual([
      ['txts', Buffer.concat(texts).length, undefined],
      ['scores', 8, undefined],
      ['boxes', undefined, 16],
    ]);
    expect(answered.subarray(end, -8)).toEqual(Buffer.concat(texts));
    expect([answered.readFloatLE(answered.length - 8), answered.readFloatLE(answered.length - 4)]).toEqual([
      Math.fround(0.99),
      0.5,
    ]);
    expect(requests.map(({ files }) => files.map(({ bytes }) => Buffer.from(bytes)))).toEqual([[picture]]);
  });

  it('may be base64 in binary data, and several', async () => {
    const { url, requests } = await startLinesServer();
    const bytes = Buffer.concat([element(Buffer.from(base64)), element(picture)]);
    const json = {
      inputs: [{ name: 'image', shape: [2], datatype: 'BYTES', parameters: { binary_data_size: bytes.length } }],
      parameters: { binary_data_output: true },
    };
    const { body, headers } = binaryBody(json, bytes);
    const answer = await send(`${url}/v2/models/ocr/infer`, { method: 'POST', body, headers });
    expect(answer.http).toBe(200);
    expect(answer.headers['inference-header-content-length']).toMatch(/^\d+$/);
    expect(requests[0]?.files.map((file) => Buffer.from(file.bytes))).toEqual([picture, picture]);
  });

  it.each([
    [picture.toString('hex'), 'hexadecimal digits'],
    ['https://example.com/page.png', 'an address'],
    [Buffer.from(base64).toString('base64'), 'base64 of base64'],
  ])('is named in binary data that holds the text %s', async (text, look) => {
    const { url } = await startLinesServer();
    const bytes = element(Buffer.from(text));
    const { body, headers } = binaryBody(
      { inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', parameters: { binary_data_size: bytes.length } }] },
      bytes,
    );
    const answer = await send(`${url}/v2/models/ocr/infer`, { method: 'POST', body, headers });
    expect(answer.http).toBe(400);
    expect(answer.text).toContain(`it looks like ${look}`);
  });
});

describe('pixels as UINT8', () => {
  const colors = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 20, 30, 0, 0, 0];

  it.each<[shape: number[], data: unknown, pictures: number[][]]>([
    [[2, 3, 3], colors, [colors]],
    [[1, 2, 3, 3], colors, [colors]],
    [[2, 1, 3, 3], colors, [colors.slice(0, 9), colors.slice(9)]],
    [[1, 2, 3], [[[1, 2, 3], [4, 5, 6]]], [[1, 2, 3, 4, 5, 6]]], // prettier-ignore
    [[2, 2, 1], [0, 100, 200, 255], [[0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255]]],
    [[1, 2, 4], [1, 2, 3, 255, 4, 5, 6, 255], [[1, 2, 3, 4, 5, 6]]],
  ])('of the shape %j are read as pictures', async (shape, data, pictures) => {
    const { url, requests } = await startLinesServer();
    const tensor = { name: 'image', shape, datatype: 'UINT8' };
    const flat = Buffer.from((data as unknown[]).flat(3) as number[]);
    const { body, headers } = binaryBody(
      { inputs: [{ ...tensor, parameters: { binary_data_size: flat.length } }] },
      flat,
    );
    await post(`${url}/v2/models/ocr/infer`, { inputs: [{ ...tensor, data }] });
    await send(`${url}/v2/models/ocr/infer`, { method: 'POST', body, headers });
    expect(requests).toHaveLength(2);
    for (const { files } of requests) {
      const decoded = await Promise.all(files.map(({ bytes }) => decodeImage(bytes)));
      expect(decoded.map((each) => [...each.data])).toEqual(pictures);
    }
  });

  it('of one size are an encoded file', async () => {
    const { url, requests } = await startLinesServer();
    const tensor = { name: 'image', shape: [picture.length], datatype: 'UINT8', data: [...picture] };
    await post(`${url}/v2/models/ocr/infer`, { inputs: [tensor] });
    expect(requests.map(({ files }) => files.map(({ bytes }) => Buffer.from(bytes)))).toEqual([[picture]]);
  });
});

it('parameters are the fields of the module and of documents, and docling may name a language', async () => {
  const { url, requests } = await startLinesServer();
  const language = { name: 'lang_type', shape: [1, 1], datatype: 'BYTES', data: ['english'] };
  const parameters = { drop_score: 0.7, pages: '1-2', binary_data_output: false };
  const { http } = await post(`${url}/v2/models/ocr/infer`, { inputs: [language, image], parameters });
  expect(http).toBe(200);
  expect(requests[0]).toMatchObject({ fields: { drop_score: 0.7 }, reading: { pages: '1-2' } });
});

it('the body may name the model of the address, and null means the same as nothing', async () => {
  const { url } = await startLinesServer();
  const body = { model_name: 'ocr', model_version: '1.0.0', id: null, parameters: null, outputs: null };
  const { http } = await post(`${url}/v2/models/ocr/versions/1.0.0/infer`, { ...body, inputs: [image] });
  expect(http).toBe(200);
});

it.each<[body: unknown, http: number, error: RegExp]>([
  [{ inputs: [image], model_name: 'other' }, 400, /: model_name is "other": expected ocr, as in the address$/],
  [{ inputs: [image], model_version: '2' }, 400, /: model_version is "2": expected none, as in the address$/],
  ['{', 400, /^The request cannot be read: /],
  ['', 400, /the body is empty/],
  [[], 400, /^The request is a list; expected an object /],
  [{}, 400, /: inputs is nothing: expected a list of tensors$/],
  [{ inputs: [] }, 400, /: inputs is \[\]: expected a list of tensors$/],
  [{ inputs: [{ ...image, name: 'picture' }] }, 400, /: inputs\.0\.name is "picture": expected image$/],
  [{ inputs: [image, image] }, 400, /: inputs\.1\.name is "image": another tensor has this name$/],
  [{ inputs: [{ ...image, datatype: 'FP32' }] }, 400, /: inputs\.0\.datatype is "FP32": expected BYTES or UINT8$/],
  [{ inputs: [{ ...image, data: undefined }] }, 400, /: inputs\.0\.data is nothing: expected the data of the tensor$/],
  [{ inputs: [{ ...image, data: base64 }] }, 400, /: inputs\.0\.data is ".*: expected a list of texts$/],
  [{ inputs: [{ ...image, data: ['?'] }] }, 400, /^inputs\.0\.data\[0\] is not base64: /],
  [
    { inputs: [{ ...image, shape: [2] }] },
    400,
    /: inputs\.0\.shape is \[2\]: the data has 1 elements, and the shape 2$/,
  ],
  [
    { inputs: [{ ...image, shape: [0], data: [] }] },
    400,
    /: inputs\.0\.shape is \[0\]: expected at least one element$/,
  ],
  [{ inputs: [{ ...image, parameters: { shared_memory_region: 'r' } }] }, 400, /inputs\.0\.parameters: unknown field "shared_memory_region"/], // prettier-ignore
  [{ inputs: [{ ...image, parameters: { binary_data_size: 4 }, data: undefined }] }, 400, /binary_data_size is 4: only 0 bytes are left$/], // prettier-ignore
  [{ inputs: [{ name: 'image', shape: [1, 3, 2, 2], datatype: 'UINT8', data: Array(12).fill(1) }] }, 400, /inputs\.0\.shape is \[1,3,2,2\]: expected \[height, width, channels\]/], // prettier-ignore
  [{ inputs: [{ name: 'image', shape: [1], datatype: 'UINT8', data: [256] }] }, 400, /inputs\.0\.data is 256: expected a list of numbers from 0 to 255$/], // prettier-ignore
  [
    { inputs: [image], outputs: [{ name: 'texts' }] },
    400,
    /outputs\.0\.name is "texts": expected one of boxes, txts, /,
  ],
  [{ inputs: [image], outputs: [{ name: 'txts', parameters: { classification: 3 } }] }, 400, /unknown field "classification"/], // prettier-ignore
  [{ inputs: [image], parameters: { page_pictures: true } }, 400, /parameters\.page_pictures is true: only \/predict\/<module> has this field$/], // prettier-ignore
  [{ inputs: [image], parameters: { format: 'text' } }, 400, /parameters\.format is "text": only \/predict\/<module> has this field$/], // prettier-ignore
  [{ inputs: [image], priority: 1 }, 400, /unknown field "priority"/],
])('refuses %# in its own form of errors', async (body, http, error) => {
  const { url, requests } = await startLinesServer();
  const answer = await post(`${url}/v2/models/ocr/infer`, body);
  expect(answer.http).toBe(http);
  expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(error) as string });
  expect(requests).toEqual([]);
});

it.each<[length: string, tensors: Buffer, size: number, error: RegExp]>([
  [
    '99999',
    element(picture),
    element(picture).length,
    /the header Inference-Header-Content-Length is "99999", and the body has/,
  ],
  ['-1', element(picture), element(picture).length, /Inference-Header-Content-Length is "-1"/],
  ['', Buffer.concat([element(picture), Buffer.alloc(3)]), element(picture).length, /3 bytes of binary data belong to no tensor/], // prettier-ignore
  ['', element(picture).subarray(0, -1), element(picture).length - 1, /element 0 is cut off$/],
  ['', Buffer.alloc(3), 3, /element 0 is cut off$/],
  ['', Buffer.alloc(4 * 1001), 4 * 1001, /expected at most 1000 elements$/],
])('refuses malformed binary data %#', async (length, tensors, size, error) => {
  const { url } = await startLinesServer();
  const json = { inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', parameters: { binary_data_size: size } }] };
  const { body, headers } = binaryBody(json, tensors);
  if (length !== '') headers['Inference-Header-Content-Length'] = length;
  const answer = await send(`${url}/v2/models/ocr/infer`, { method: 'POST', body, headers });
  expect(answer.http).toBe(400);
  expect((JSON.parse(answer.text) as { error: string }).error).toMatch(error);
});

describe('a request of PaddleX in the input "input"', () => {
  const wrap = (request: unknown) => ({
    inputs: [{ name: 'input', shape: [1, 1], datatype: 'BYTES', data: [JSON.stringify(request)] }],
    outputs: [{ name: 'output' }],
  });

  it('is answered with the answer of PaddleX', async () => {
    const { url } = await startLinesServer();
    const request = { file: base64, fileType: 1, visualize: false, logId: 'a' };
    const { text } = await post(`${url}/v2/models/ocr/infer`, wrap(request));
    const { outputs, ...about } = JSON.parse(text) as InferAnswer;
    const [{ data = [], ...output }] = outputs as [Output];
    expect([about, output]).toEqual([{ model_name: 'ocr' }, { name: 'output', datatype: 'BYTES', shape: [1, 1] }]);
    expect(JSON.parse(String(data[0]))).toEqual(JSON.parse((await post(`${url}/ocr`, request)).text));
  });

  it('is answered with the error of PaddleX, inside HTTP 200', async () => {
    const { url } = await startLinesServer();
    const { http, text } = await post(`${url}/v2/models/ocr/infer`, wrap({ file: base64, textDetThresh: 2 }));
    const [{ data = [] }] = (JSON.parse(text) as InferAnswer).outputs as [Output];
    expect([http, JSON.parse(String(data[0]))]).toEqual([
      200,
      { logId: expect.any(String) as string, errorCode: 422, errorMsg: expect.stringMatching(/textDetThresh is 2/) as string }, // prettier-ignore
    ]);
  });
});

describe('what is served', () => {
  it('is told', async () => {
    const { url } = await startLinesServer({ routes: ['ocr_system', 'ocr_det'] });
    const get = async (path: string) => JSON.parse((await send(url + path)).text) as unknown;
    expect(await get('/v2')).toEqual({ name: 'ocrhub', version: '1.0.0', extensions: ['binary_tensor_data'] });
    expect(await get('/v2/health/live')).toEqual({ live: true });
    expect(await get('/v2/health/ready')).toEqual({ ready: true });
    expect(await get('/v2/models')).toEqual({ models: ['ocr', 'ocr_system', 'ocr_det'] });
    expect(await get('/v2/models/ocr/ready')).toEqual({ name: 'ocr', ready: true });
    expect(await get('/v2/models/ocr_det/versions/1.0.0/ready')).toEqual({ name: 'ocr_det', ready: true });
    expect(await get('/v2/models/ocr')).toMatchObject({
      name: 'ocr',
      versions: ['1.0.0'],
      platform: 'ocrhub',
      inputs: [
        { name: 'image', datatype: 'BYTES', shape: [-1] },
        { name: 'image', datatype: 'UINT8' },
      ],
    });
  });

  it('is not ready while the server is not', async () => {
    const { url } = await startLinesServer({ status: 'draining' });
    for (const [path, body] of [
      ['/v2/health/ready', { ready: false }],
      ['/v2/models/ocr/ready', { name: 'ocr', ready: false }],
    ] as const) {
      const { http, text } = await send(url + path);
      expect([http, JSON.parse(text)]).toEqual([503, body]);
    }
  });

  it.each([
    ['/v2/models/other/infer', /^Module other is not available\.$/],
    ['/v2/models/ocr/versions/2/infer', /^Version 2 of the model ocr is not available; version 1\.0\.0 is$/],
    ['/v2/models/other', /^Module other is not available\.$/],
    ['/v2/models/ocr/versions/2/ready', /^Version 2 of the model ocr is not available; version 1\.0\.0 is$/],
    ['/v2/models/ocr/config', /^There is nothing at /],
  ])('does not have %s: 404 in its own form of errors', async (path, error) => {
    const { url } = await startLinesServer();
    const { http, text } = path.endsWith('infer')
      ? await post(url + path, { inputs: [image] })
      : await send(url + path);
    expect([http, JSON.parse(text)]).toEqual([404, { error: expect.stringMatching(error) as string }]);
  });

  it('answers an infer request with the version of the module', async () => {
    const { url } = await startLinesServer();
    const { http } = await post(`${url}/v2/models/ocr/versions/1.0.0/infer`, { inputs: [image] });
    expect(http).toBe(200);
  });
});

it('a module without lines gives its results, and refuses outputs of lines', async () => {
  const { url } = await startLinesServer({ pages: [[{ angle: 180 }]], routes: ['ocr_cls'] });
  const answer = JSON.parse((await post(`${url}/v2/models/ocr_cls/infer`, { inputs: [image] })).text) as InferAnswer;
  expect(answer.outputs).toEqual([{ name: 'results', datatype: 'BYTES', shape: [1], data: ['[{"angle":180}]'] }]);
  const { http } = await post(`${url}/v2/models/ocr_cls/infer`, { inputs: [image], outputs: [{ name: 'txts' }] });
  expect(http).toBe(400);
});

it('a token is needed, and refused in the form of the protocol', async () => {
  const { url } = await startLinesServer({ token: 'secret' });
  const refused = await post(`${url}/v2/models/ocr/infer`, { inputs: [image] });
  expect([refused.http, Object.keys(JSON.parse(refused.text) as object)]).toEqual([401, ['error']]);
  const headers = { Authorization: 'Bearer secret' };
  expect((await post(`${url}/v2/models/ocr/infer`, { inputs: [image] }, { headers })).http).toBe(200);
});
