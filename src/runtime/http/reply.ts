import type { Response } from 'express';
import { OcrHubError } from '../errors/error.js';
import { errorHeaders } from '../errors/http-headers.js';
import type { Protocol, Reply } from './protocol.js';
import { requestIdOf } from './request-id.js';

export function sendReply(response: Response, { http, contentType, body, headers = {} }: Reply): void {
  response
    .status(http)
    .set(headers)
    .type(contentType)
    .send(typeof body === 'string' ? body : Buffer.from(body));
}

/** Sends an error in the form of a protocol, with the headers that all protocols share. */
export function sendError(response: Response, error: OcrHubError, protocol: Protocol): Reply {
  const reply = protocol.toErrorReply(error, requestIdOf(response), response.req);
  const { httpStatus } = error;
  if (httpStatus === 429 || httpStatus === 503) response.set('Retry-After', '1');
  if (httpStatus === 401) response.set('WWW-Authenticate', 'Bearer');
  if (error.code === 'method_not_allowed') {
    response.set('Allow', (error as OcrHubError<'method_not_allowed'>).details.allowed);
  }
  response
    .set({ ...reply.headers, ...errorHeaders(error) })
    .status(reply.http)
    .type(reply.contentType);
  sendAtOnce(response, reply.body);
  return reply;
}

/** Express throws errors of its own with a status, for example for a malformed percent sign in the path. */
export function toOcrHubError(error: unknown, { requestForm }: Protocol): OcrHubError {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (typeof status !== 'number' || status < 400 || status >= 500) return OcrHubError.of(error);
  const problem = (error as Error).message;
  return new OcrHubError('request_malformed', { problem, expected: requestForm }, { cause: error });
}

/** How long the rest of a refused request is read and thrown away before its connection is closed. */
const drainTimeoutMs = 2000;

/**
 * Sends the whole answer at once, and ends the response when the request has been read. Most clients send everything
 * before they read the answer; if the connection were closed earlier, they would see a broken connection only.
 */
function sendAtOnce(response: Response, body: Reply['body']): void {
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
  const timer = setTimeout(end, drainTimeoutMs);
  request.once('end', end).once('close', end).resume();
}
