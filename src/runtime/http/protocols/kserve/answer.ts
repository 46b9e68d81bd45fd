import { describeUnreadable } from '../../../errors/wording.js';
import type { PredictAnswer } from '../../../service/contract.js';
import type { Asked, Reply } from '../../protocol.js';
import { outputsOf, type OutputTensor } from './outputs.js';
import type { InferRequest } from './request.js';

export function toReply(answer: PredictAnswer, { parsed, module }: Asked): Reply {
  const request = parsed as InferRequest;
  const message = describeUnreadable(answer.unreadable);
  const outputs = outputsOf(answer, request.outputs, module.route);
  const about = {
    model_version: module.version,
    ...(message === '' ? {} : { parameters: { message } }),
  };
  return inferReply(outputs, request, { about, message });
}

export interface InferDetails {
  /** Further keys of the answer. */
  readonly about?: object;
  /** For the log. */
  readonly status?: string;
  readonly message?: string;
}

/** An answer whose outputs are in the JSON, or behind it as the request says. */
export function inferReply(
  outputs: readonly OutputTensor[],
  { model, id, outputs: wanted, isBinary }: InferRequest,
  { about = {}, status = 'OK', message = '' }: InferDetails = {},
): Reply {
  const buffers: Buffer[] = [];
  const tensors = outputs.map((output, i) => {
    const { name, datatype, shape, values } = output;
    if (!(wanted?.[i]?.isBinary ?? isBinary)) return { name, datatype, shape, data: values };
    const bytes = bytesOf(output);
    buffers.push(bytes);
    return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
  });
  const json = JSON.stringify({ model_name: model, ...about, id, outputs: tensors });
  if (buffers.length === 0) return { http: 200, contentType: 'json', body: json, status, message };
  const head = Buffer.from(json);
  const headers = { 'Inference-Header-Content-Length': String(head.length) };
  const body = Buffer.concat([head, ...buffers]);
  return { http: 200, contentType: 'application/octet-stream', body, headers, status, message };
}

function bytesOf({ datatype, values }: OutputTensor): Buffer {
  if (datatype === 'BYTES') return Buffer.concat(values.flatMap((text) => lengthAndText(String(text))));
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) {
    if (datatype === 'FP32') bytes.writeFloatLE(Number(value), 4 * i);
    else bytes.writeInt32LE(Number(value), 4 * i);
  }
  return bytes;
}

function lengthAndText(text: string): [Buffer, Buffer] {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return [length, bytes];
}
