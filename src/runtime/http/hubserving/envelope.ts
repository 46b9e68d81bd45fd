import type { Response } from 'express';
import { OcrHubError } from '../../errors/error.js';
import { describeUnreadable } from '../../errors/unreadable.js';
import type { HttpOptions } from '../http-options.js';
import type { PredictAnswer, Results } from '../../service/contract.js';

export function sendAnswer(response: Response, answer: PredictAnswer): string {
  const msg = describeUnreadable(answer.unreadable);
  response
    .status(200)
    .type('json')
    .send(envelope(msg, resultsText(answer.results), '000'));
  return msg;
}

/** The only place where an error becomes an HTTP answer. */
export function sendError(response: Response, error: unknown, options: HttpOptions): OcrHubError {
  const known = toOcrHubError(error);
  const { httpStatus } = known;
  if (httpStatus === 429 || httpStatus === 503) response.set('Retry-After', '1');
  if (httpStatus === 401) response.set('WWW-Authenticate', 'Bearer');
  if (known.code === 'method_not_allowed')
    response.set('Allow', (known as OcrHubError<'method_not_allowed'>).details.allowed);
  response.status(options.httpStatus200 && answeredWith200(known) ? 200 : httpStatus).type('json');
  sendAtOnce(response, envelope(known.message, '""', known.hubStatus));
  return known;
}

/** The entries in one list, or in a list within a list. */
function resultsText(results: Results): string {
  if (results.kind === 'whole') return results.json;
  const list = `[${results.entries.join(',')}]`;
  return results.nested ? `[${list}]` : list;
}

/** HubServing's envelope: its three keys in its order, compact, with a line end. `results` is JSON text. */
function envelope(msg: string, results: string, status: string): string {
  return `{"msg":${JSON.stringify(msg)},"results":${results},"status":"${status}"}\n`;
}

/** How long the rest of a refused request is thrown away before its connection is closed. Milliseconds. */
const patience = 2000;

/**
 * Sends the whole answer at once, but ends it only when the request has come to its end: most clients send everything
 * before they look at the answer, and see no more than a broken connection when it is closed earlier.
 */
function sendAtOnce(response: Response, body: string): void {
  const request = response.req;
  if (request.complete || request.destroyed) {
    response.send(body);
    return;
  }
  response.set({ Connection: 'close', 'Content-Length': String(Buffer.byteLength(body)) }).write(body);
  const end = (): void => {
    clearTimeout(timer);
    request.off('end', end).off('close', end);
    response.end();
  };
  const timer = setTimeout(end, patience);
  request.once('end', end).once('close', end).resume();
}

/** HubServing answers 200 to everything that reaches its modules, and to what it does not know. */
function answeredWith200({ code }: OcrHubError): boolean {
  return !['path_unknown', 'method_not_allowed', 'content_type_unknown', 'request_malformed'].includes(code);
}

/** Express throws errors of its own with a status, for example for a malformed percent sign in the path. */
function toOcrHubError(error: unknown): OcrHubError {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (typeof status !== 'number' || status < 400 || status >= 500) return OcrHubError.of(error);
  return new OcrHubError('request_malformed', { problem: (error as Error).message }, { cause: error });
}
