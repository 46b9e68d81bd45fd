import { randomUUID } from 'node:crypto';
import { OcrHubError } from '../errors/error.js';
import { errorHeaders } from '../errors/http-headers.js';

/** An error of Node's parser. */
export interface ParserError extends NodeJS.ErrnoException {
  /** The bytes that were parsed last: all of a request, or its last part if it came in several. */
  readonly rawPacket?: Buffer;
  /** How many of them the parser took. */
  readonly bytesParsed?: number;
}

/** An answer to bytes that are no HTTP request that Node.js can parse. */
export interface ParserReply {
  readonly id: string;
  readonly error: OcrHubError;
  /** The whole answer, as it is written to the socket. */
  readonly text: string;
}

/**
 * What to answer when Node.js gives up a request before it is one: broken syntax 400, an address that is too long 414,
 * headers that are too long 431, headers or a body that take too long 408. No protocol is known yet, so the body has HubServing's form.
 *
 * @param thrown an error of this server for a request that Node.js does not hand to an app
 */
export function toParserReply(thrown: ParserError | OcrHubError): ParserReply {
  const id = randomUUID();
  const error = OcrHubError.is(thrown) ? thrown : toError(thrown);
  const { httpStatus, kind } = error;
  const body = JSON.stringify({ msg: error.message, results: '', status: kind === 'malformed' ? '112' : '101' });
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
    'X-Request-Id': id,
    ...(error.code === 'method_not_allowed'
      ? { Allow: (error as OcrHubError<'method_not_allowed'>).details.allowed }
      : {}),
    ...errorHeaders(error),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { id, error, text: `HTTP/1.1 ${httpStatus} ${reasons[httpStatus] ?? ''}\r\n${lines.join('')}\r\n${body}` };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  431: 'Request Header Fields Too Large',
};

function toError({ code = '', message, rawPacket, bytesParsed }: ParserError): OcrHubError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const isAddress = rawPacket !== undefined && endsInAddress(rawPacket.subarray(0, bytesParsed));
    return new OcrHubError(isAddress ? 'target_too_long' : 'headers_too_large', {});
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new OcrHubError('chunks_too_large', {});
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new OcrHubError('request_timed_out', {});
  if (plainCodes.has(code)) {
    const problem = 'the first bytes are not those of TLS, and this port speaks HTTPS';
    return new OcrHubError('request_malformed', { problem, expected: 'an address that begins with https://' });
  }
  const other = otherProtocols.find(({ start }) => start.test(rawPacket?.toString('latin1', 0, maxStart) ?? ''));
  if (other !== undefined) {
    const problem = `the first bytes are those of ${other.name}, and this port speaks HTTP/1.1 without TLS`;
    return new OcrHubError('request_malformed', { problem, expected: other.expected });
  }
  return new OcrHubError('request_malformed', { problem: message, expected: 'an HTTP/1.1 request' });
}

/** Codes of OpenSSL for a request without TLS on a port that speaks TLS. */
const plainCodes = new Set(['ERR_SSL_HTTP_REQUEST', 'ERR_SSL_HTTPS_PROXY_REQUEST', 'ERR_SSL_WRONG_VERSION_NUMBER']);

/** Whether an error of TLS means that the client speaks no TLS. */
export function isPlainOnTls({ code = '' }: NodeJS.ErrnoException): boolean {
  return plainCodes.has(code);
}

/** What clients send to a port by mistake, by its first bytes. */
const otherProtocols = [
  {
    start: /^\x16\x03/,
    name: 'TLS',
    expected: 'an address that begins with http://, or a server with --cert and --key',
  },
  { start: /^PRI \* HTTP\/2/, name: 'HTTP/2', expected: 'HTTP/1.1 from the client or the proxy' },
  { start: /^(PROXY (TCP|UNKNOWN)|\r\n\r\n\0\r\nQUIT\n)/, name: 'the PROXY protocol', expected: 'a proxy without it' },
  { start: /^SSH-/, name: 'SSH', expected: 'an HTTP/1.1 request' },
] as const;

const maxStart = 16;

/**
 * Whether the parser gave up inside the address: after a method and before the end of a line. Of a request that came in several
 * parts only the last is known, so this is false.
 */
function endsInAddress(parsed: Buffer): boolean {
  // A header has a colon behind its name, and no space.
  const lastLine = parsed.subarray(parsed.lastIndexOf('\n') + 1).toString('latin1', 0, maxMethod);
  return /^[A-Z-]+ /.test(lastLine);
}

/** The longest method, and the space behind it. */
const maxMethod = 20;
