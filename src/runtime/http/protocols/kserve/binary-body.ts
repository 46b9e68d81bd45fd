import { OcrHubError } from '../../../errors/error.js';
import { requestForm } from './infer-schema.js';

/** The JSON of a request, and the binary data of its tensors behind it. */
export interface InferBody {
  readonly json: Uint8Array;
  readonly binary: Uint8Array;
}

/**
 * @param length of the JSON, from the header Inference-Header-Content-Length; undefined: all of the body
 * @throws OcrHubError `request_malformed`
 */
export function splitBody(body: Uint8Array, length: string | undefined): InferBody {
  if (length === undefined) return { json: body, binary: new Uint8Array() };
  const end = /^\d{1,15}$/.test(length) ? Number(length) : Infinity;
  if (end > body.length) {
    const problem = `the header Inference-Header-Content-Length is ${JSON.stringify(length)}, and the body has ${body.length} bytes`;
    throw new OcrHubError('request_malformed', { problem, expected: requestForm });
  }
  return { json: body.subarray(0, end), binary: body.subarray(end) };
}
