import { constants } from 'node:buffer';
import { open } from 'node:fs/promises';
import { OcrHubError } from '../errors/error.js';
import { readErrorHeaders } from '../errors/http-headers.js';
import { toFileError } from '../files/to-file-error.js';
import { sendRequest, type HttpAnswer } from './http-request.js';

/** HubServing's envelope. */
interface HubAnswer {
  readonly msg: string;
  readonly results: unknown;
  readonly status: string;
}

export interface SentPicture {
  readonly file: string;
  /** Milliseconds from sending to the complete answer. */
  readonly ms: number;
  readonly response: HubAnswer;
}

/**
 * Sends one picture, as the guide's client does.
 *
 * @param url `http://host:port/predict/<module>`
 * @throws OcrHubError `file_not_found`, `file_unreadable`, `server_unreachable`, `answer_not_hubserving`,
 *   `server_refused` with the server's code as its cause
 */
export async function sendPicture(url: string, file: string, token: string | undefined): Promise<SentPicture> {
  const bytes = await readPicture(file);
  const start = performance.now();
  const { http, headers, text } = await post(url, JSON.stringify({ images: [bytes.toString('base64')] }), token);
  const answer = toHubAnswer(text, url, http);
  if (answer.status !== '000') {
    const { code, hint = '' } = readErrorHeaders(headers) ?? {};
    const cause = code === undefined ? undefined : { code };
    throw new OcrHubError('server_refused', { http, status: answer.status, msg: answer.msg, hint, cause });
  }
  return { file, ms: performance.now() - start, response: answer };
}

/** @throws OcrHubError `value_invalid` if the text is not the address of a service */
export function checkServerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname.length > 1) return text;
  const problem = 'expected an address such as http://127.0.0.1:8868/predict/ocr_system';
  throw new OcrHubError('value_invalid', { subject: 'server_url', key: '', value: text, problem });
}

async function readPicture(file: string): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      // Before memory is allocated. The size of a pipe is 0 here and known after reading.
      requireSendable((await handle.stat()).size);
      const bytes = await handle.readFile();
      requireSendable(bytes.length);
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toFileError(file, error);
  }
}

function requireSendable(bytes: number): void {
  if (bytes > maxBytes) throw new Error(`its ${bytes} bytes are more than a request can carry`);
}

/** The largest file that fits into a string as base64, with the rest of the body. */
const maxBytes = Math.floor(constants.MAX_STRING_LENGTH / 4) * 3 - 1024;

/** A server has its own, shorter deadline; this one ends a request to anything else. */
const answerTimeoutMs = 24 * 3600 * 1000;

async function post(url: string, body: string, token: string | undefined): Promise<HttpAnswer> {
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const headers = { 'Content-Type': 'application/json', ...authorization };
  return sendRequest(url, { method: 'POST', body, headers, timeout: answerTimeoutMs }).catch((error: unknown) => {
    throw new OcrHubError('server_unreachable', { url, problem: (error as Error).message }, { cause: error });
  });
}

function toHubAnswer(text: string, url: string, http: number): HubAnswer {
  try {
    const answer = JSON.parse(text) as Partial<HubAnswer> | null;
    if (typeof answer?.status === 'string' && typeof answer.msg === 'string') return answer as HubAnswer;
  } catch {
    // Not JSON: another program answers at this address.
  }
  throw new OcrHubError('answer_not_hubserving', { url, http });
}
