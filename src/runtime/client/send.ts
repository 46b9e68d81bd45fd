import { formats, type FormatName, type WrittenFile } from '../document/formats/formats.js';
import { OcrHubError } from '../errors/error.js';
import { readErrorHeaders } from '../errors/http-headers.js';
import { nameOf, readInput, type Input } from '../inputs/input.js';
import { isDeeperThan } from '../values/deeper-than.js';
import { sendRequest, type HttpAnswer } from './http-request.js';
import { maxRequestFile, toRequestBody, type RequestFields } from './request-body.js';
import { withRetries } from './retries.js';

export interface Destination extends RequestFields {
  /** `http://host:port/predict/<module>` */
  readonly url: string;
  readonly token?: string | undefined;
  /** Certificates to trust beside those of Node.js, as PEM. */
  readonly ca?: string | undefined;
  /** The format that the server writes its answer in; undefined: HubServing's envelope. */
  readonly format?: FormatName | undefined;
  /** Maximum further attempts after a busy server and a broken connection. */
  readonly retries: number;
}

/** HubServing's envelope, and the pages of documents. */
export interface HubAnswer {
  readonly msg: string;
  readonly results: unknown;
  readonly status: string;
  /** A list for a document, null for a picture. Left out if there is no document, and by other servers. */
  readonly pages?: readonly (readonly HubPage[] | null)[];
}

interface HubPage {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly dpi?: number;
  readonly result?: unknown;
}

/** An answer of a server. */
export interface Answer {
  readonly input: Input;
  /** Milliseconds from sending to the complete answer, with waits between attempts. */
  readonly ms: number;
  /** The bytes that were sent. */
  readonly bytes: Buffer;
  /** Undefined if a format was asked for. */
  readonly response?: HubAnswer;
  /** Undefined unless a format was asked for. */
  readonly written?: WrittenFile;
}

/**
 * Sends one file.
 *
 * @param isRunning whether the server has answered before
 * @throws OcrHubError `file_not_found`, `file_unreadable`, `stdin_unusable`, `server_unreachable`, `answer_not_hubserving`,
 *   `server_refused` with the server's code as its cause
 */
export async function sendFile(destination: Destination, input: Input, { isRunning = false } = {}): Promise<Answer> {
  const { url, token, ca, retries, format } = destination;
  const bytes = await readInput(input, maxRequestFile);
  // The server would say that the base64 is empty.
  if (bytes.length === 0) throw new OcrHubError('file_unreadable', { file: input.file, problem: 'it is empty' });
  const { contentType, body } = await toRequestBody(nameOf(input), bytes, destination);
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const headers = { 'Content-Type': contentType, ...authorization };
  const start = performance.now();
  const post = (): Promise<HttpAnswer> =>
    sendRequest(url, { method: 'POST', body, headers, ca, timeout: answerTimeoutMs });
  const answer = await withRetries(post, { retries, retriesRefusal: isRunning }).catch((error: unknown) => {
    throw new OcrHubError('server_unreachable', { url, problem: problemOf(error as Error) }, { cause: error });
  });
  const read = format === undefined ? { response: toHubAnswer(answer, url) } : { written: toFile(answer, url, format) };
  return { input, ms: performance.now() - start, bytes, ...read };
}

/** @throws OcrHubError `value_invalid` if the text is not the address of a service */
export function checkServerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname.length > 1) return text;
  const problem = 'expected an address such as http://127.0.0.1:8868/predict/ocr_system';
  throw new OcrHubError('value_invalid', { subject: 'server_url', key: '', value: text, problem });
}

/** A server has its own, shorter deadline; this one ends a request to anything else. */
const answerTimeoutMs = 24 * 3600 * 1000;

/** Errors of OpenSSL and Node.js about the certificate of a server. */
const certificateCodes = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

function problemOf({ message, cause }: Error): string {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  if (certificateCodes.test(code)) return `its certificate is not trusted: ${message}`;
  return /wrong version number|packet length too long|http request/i.test(message)
    ? `what answers there does not speak HTTPS (${message})`
    : message;
}

function toHubAnswer({ http, headers, text }: HttpAnswer, url: string): HubAnswer {
  const answer = parseEnvelope(text);
  if (answer === undefined) throw new OcrHubError('answer_not_hubserving', { url, http });
  if (answer.status === '000') return answer;
  const { code, hint = '' } = readErrorHeaders(headers) ?? {};
  const cause = code === undefined ? undefined : { code };
  throw new OcrHubError('server_refused', { http, status: answer.status, msg: answer.msg, hint, cause });
}

/** A server with `--http_status_200` answers errors with that status too; a header tells them apart. */
function toFile(answer: HttpAnswer, url: string, format: FormatName): WrittenFile {
  const { http, headers, body } = answer;
  const contentType = headers['content-type'] ?? '';
  const isError = http !== 200 || readErrorHeaders(headers) !== undefined;
  const extension = mediaType(contentType) === 'application/zip' ? 'zip' : formats[format].extension;
  const isExpected = extension === 'zip' || mediaType(contentType) === mediaType(formats[format].contentType);
  if (!isError && isExpected) return { contentType, extension, bytes: body };
  toHubAnswer(answer, url);
  // A server that ignores the field `format`.
  throw new OcrHubError('answer_not_hubserving', { url, http });
}

function mediaType(contentType: string): string {
  return contentType.replace(/;.*$/s, '').trim().toLowerCase();
}

/** The results of a module are nested at most 1000 deep (module/answer-json.ts). */
const maxAnswerDepth = 1010;

/** Undefined if another program answers at the address. */
function parseEnvelope(text: string): HubAnswer | undefined {
  try {
    const answer = JSON.parse(text) as Partial<HubAnswer> | null;
    // It is printed by code that calls itself for each level.
    if (isDeeperThan(maxAnswerDepth, answer)) return undefined;
    return typeof answer?.status === 'string' && typeof answer.msg === 'string' ? (answer as HubAnswer) : undefined;
  } catch {
    return undefined;
  }
}
