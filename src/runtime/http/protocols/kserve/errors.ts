import type { OcrHubError } from '../../../errors/error.js';
import type { ErrorKind } from '../../../errors/kinds.js';
import type { Reply } from '../../protocol.js';
import { inferReply } from './answer.js';
import { wrappedOutputName } from './outputs.js';
import type { InferRequest } from './request.js';

export function toErrorReply({ message, httpStatus }: OcrHubError): Reply {
  const body = JSON.stringify({ error: message });
  return { http: httpStatus, contentType: 'json', body, status: 'ERROR', message };
}

/** The answer to a wrapped request, as the text of the only output. */
export function wrappedReply({ body, status, message }: Reply, request: InferRequest): Reply {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString();
  const output = { name: wrappedOutputName, datatype: 'BYTES', shape: [1, 1], values: [text] } as const;
  return inferReply([output], request, { status, message });
}

/** An error about the wrapped request is inside an answer with HTTP 200; a client tries again after the others. */
export function wrappedError(error: OcrHubError, inner: Reply, request: InferRequest): Reply {
  return kindsOfWork.includes(error.kind) ? wrappedReply(inner, request) : toErrorReply(error);
}

const kindsOfWork: readonly ErrorKind[] = [
  'malformed',
  'invalid',
  'unreadable',
  'module_failed',
  'not_installed',
  'timeout',
  'internal',
];
