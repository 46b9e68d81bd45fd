import { randomUUID } from 'node:crypto';
import { OcrHubError } from '../errors/error.js';
import { errorHeaders } from '../errors/http-headers.js';

/** An answer to bytes that are no HTTP request that Node.js can parse. */
export interface ParserReply {
  readonly id: string;
  readonly error: OcrHubError;
  /** The whole answer, as it is written to the socket. */
  readonly text: string;
}

/**
 * What to answer when Node.js gives up a request before it is one: broken syntax 400, headers or an address that are too long 431,
 * headers or a body that take too long 408. No protocol is known yet, so the body has HubServing's form.
 */
export function toParserReply({ code = '', message }: NodeJS.ErrnoException): ParserReply {
  const id = randomUUID();
  const error = toError(code, message);
  const { httpStatus, kind } = error;
  const body = JSON.stringify({ msg: error.message, results: '', status: kind === 'malformed' ? '112' : '101' });
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    'X-Request-Id': id,
    ...errorHeaders(error),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { id, error, text: `HTTP/1.1 ${httpStatus} ${reasons[httpStatus] ?? ''}\r\n${lines.join('')}\r\n${body}` };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};

function toError(code: string, message: string): OcrHubError {
  if (code === 'HPE_HEADER_OVERFLOW') return new OcrHubError('headers_too_large', {});
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new OcrHubError('chunks_too_large', {});
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new OcrHubError('request_timed_out', {});
  return new OcrHubError('request_malformed', { problem: message, expected: 'an HTTP/1.1 request' });
}
