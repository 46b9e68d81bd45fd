import type { OcrHubError } from '../../../errors/error.js';
import type { ErrorKind } from '../../../errors/kinds.js';
import type { PredictAnswer } from '../../../service/contract.js';
import { linesOfFile } from '../lines/pages.js';
import type { Asked, Reply } from '../../protocol.js';
import { toPython, type PythonValue } from './python-literal.js';

/** A text for each page of the file, which the client evaluates: `[[('text', 0.99), [[x, y], ...]], ...]`. */
export function toReply(answer: PredictAnswer, { module }: Asked): Reply {
  const value = linesOfFile(answer, module.route).map(({ lines }) =>
    toPython(
      lines.map(({ text, confidence, text_region }): PythonValue => [{ tuple: [text, confidence] }, text_region]),
    ),
  );
  return reply(200, { err_no: 0, err_msg: '', key: value.map(() => 'result'), value, tensors: [] });
}

/** PaddleServing answers HTTP 200 to each request that its gateway passes on. */
export function toErrorReply({ kind, message, httpStatus }: OcrHubError): Reply {
  const http = kindsOfWork.includes(kind) ? 200 : httpStatus;
  return reply(http, { err_no: numberOfKind[kind] ?? 10_000, err_msg: message, key: [], value: [], tensors: [] });
}

const kindsOfWork: readonly ErrorKind[] = ['invalid', 'unreadable', 'module_failed', 'timeout', 'internal'];

/** PaddleServing's numbers: 3002 no such service, 5000 input, 6000 timeout, 8000 the service, 9000 the client, 10000 unknown. */
const numberOfKind: Partial<Record<ErrorKind, number>> = {
  not_found: 3002,
  malformed: 5000,
  invalid: 5000,
  too_large: 5000,
  unreadable: 5000,
  timeout: 6000,
  overloaded: 8000,
  unavailable: 8000,
  module_failed: 8000,
  unauthorized: 9000,
  forbidden: 9000,
  cancelled: 9000,
};

interface Body {
  readonly err_no: number;
  readonly err_msg: string;
  readonly key: readonly string[];
  readonly value: readonly string[];
  readonly tensors: readonly never[];
}

function reply(http: number, body: Body): Reply {
  const { err_no: number, err_msg: message } = body;
  return { http, contentType: 'json', body: JSON.stringify(body), status: String(number), message };
}
