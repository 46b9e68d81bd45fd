import { jsonHeaders, requestBody } from './ocrhub.js';

export interface ProtocolRequest {
  /** Default: POST. */
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer<ArrayBuffer> | FormData;
}

type MakeRequest = (file: Buffer<ArrayBuffer>) => ProtocolRequest;

/** A request with one file to ocr_system, in the form of each protocol that answers at once. */
export const protocolRequests: Readonly<Record<string, MakeRequest>> = {
  predict: (file) => json('/predict/ocr_system', requestBody(file.toString('base64'))),
  'predict, bytes': (body) => ({ path: '/predict/ocr_system', headers: { 'Content-Type': 'image/jpeg' }, body }),
  paddlex: (file) => json('/ocr', { file: file.toString('base64'), visualize: false }),
  paddleserving: (file) => json('/ocr/prediction', { key: ['image'], value: [file.toString('base64')] }),
  rapidocr: (file) => ({ path: '/ocr', body: formOf('image_file', file) }),
  liteparse: (file) => ({ path: '/ocr', body: formOf('file', file) }),
  umiocr: (file) => json('/api/ocr', { base64: file.toString('base64') }),
  'kserve, base64': (file) =>
    json('/v2/models/ocr/infer', {
      inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: [file.toString('base64')] }],
    }),
  'kserve, binary': kserveBinary,
  mistral: (file) =>
    json('/v1/ocr', {
      document: { type: 'image_url', image_url: `data:image/jpeg;base64,${file.toString('base64')}` },
    }),
  docling: (file) =>
    json('/v1/convert/source', {
      sources: [{ kind: 'file', filename: 'page', base64_string: file.toString('base64') }],
    }),
  openwebui: (body) => ({
    method: 'PUT',
    path: '/process',
    headers: { 'Content-Type': 'application/octet-stream' },
    body,
  }),
  fastgpt: (file) => ({ path: '/fastgpt/parse', body: formOf('file', file) }),
};

/** A request that is answered with a job. */
export const jobRequests: Readonly<Record<string, MakeRequest>> = {
  azure: (body) => ({
    path: '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30',
    headers: { 'Content-Type': 'application/octet-stream' },
    body,
  }),
  paddlejobs: (file) => {
    const body = formOf('file', file);
    body.set('model', 'PP-OCRv6');
    return { path: '/api/v2/ocr/jobs', body };
  },
  'docling, later': (file) => ({ path: '/v1/convert/file/async', body: formOf('files', file) }),
};

function json(path: string, body: unknown): ProtocolRequest {
  return { path, headers: jsonHeaders, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function formOf(field: string, file: Buffer<ArrayBuffer>): FormData {
  const form = new FormData();
  form.set(field, new Blob([file]), 'page.jpg');
  return form;
}

function kserveBinary(file: Buffer<ArrayBuffer>): ProtocolRequest {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(file.length);
  const parameters = { binary_data_size: file.length + 4 };
  const head = Buffer.from(
    JSON.stringify({
      inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', parameters }],
      parameters: { binary_data_output: true },
    }),
  );
  const headers = { 'Inference-Header-Content-Length': String(head.length) };
  return { path: '/v2/models/ocr/infer', headers, body: Buffer.concat([head, length, file]) };
}
