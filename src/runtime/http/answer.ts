import type { Response } from 'express';
import { OcrHubError } from '../errors.js';
import type { HttpOptions } from './app.js';
import type { PredictAnswer } from './service.js';

/** HubServing's envelope: its three keys in its order, compact, with a line end. `results` is JSON text. */
function envelope(msg: string, results: string, status: string): string {
  return `{"msg":${JSON.stringify(msg)},"results":${results},"status":"${status}"}\n`;
}

export function sendAnswer(response: Response, answer: PredictAnswer): string {
  const msg = describeUnreadable(answer);
  response
    .status(200)
    .type('json')
    .send(envelope(msg, answer.results, '000'));
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
  // The rest of a refused body is not read.
  if (httpStatus === 413) response.set('Connection', 'close');
  response
    .status(options.httpStatus200 ? 200 : httpStatus)
    .type('json')
    .send(envelope(known.message, '""', known.hubStatus));
  return known;
}

function toOcrHubError(error: unknown): OcrHubError {
  if (OcrHubError.is(error)) return error;
  const problem = error instanceof Error ? error.message : String(error);
  // Express throws errors of its own with a status, for example for a malformed percent sign in the path.
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new OcrHubError('request_malformed', { problem }, { cause: error });
  }
  return new OcrHubError('internal', { problem }, { cause: error });
}

function describeUnreadable({ unreadable }: PredictAnswer): string {
  return unreadable.map(({ index, reason }) => `image ${index}: ${reason}`).join('; ');
}
