import { constants } from 'node:buffer';
import { open } from 'node:fs/promises';
import { ask, type Reply } from './http-request.js';
import { OcrHubError } from '../errors/error.js';

/** A server's answer to /predict. */
interface HubAnswer {
  readonly msg: string;
  readonly results: unknown;
  readonly status: string;
}

export interface SentPicture {
  readonly file: string;
  /** Time from sending to the whole answer. */
  readonly ms: number;
  readonly response: HubAnswer;
}

/**
 * Sends one picture, as the guide's client does.
 *
 * @param url `http://host:port/predict/<module>`
 * @throws OcrHubError `file_not_found`, `server_unreachable`, `answer_not_hubserving`, `server_refused`
 */
export async function sendPicture(url: string, file: string, token: string | undefined): Promise<SentPicture> {
  const bytes = await readPicture(file);
  const start = performance.now();
  const { http, text } = await post(url, JSON.stringify({ images: [bytes.toString('base64')] }), token);
  const answer = toHubAnswer(text, url, http);
  if (answer.status !== '000')
    throw new OcrHubError('server_refused', { http, status: answer.status, msg: answer.msg });
  return { file, ms: performance.now() - start, response: answer };
}

/** @throws OcrHubError `value_invalid` for what is no address of a service */
export function checkServerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname.length > 1) return text;
  const problem = 'expected an address such as http://127.0.0.1:8866/predict/ocr_system';
  throw new OcrHubError('value_invalid', { subject: 'server_url', key: '', value: text, problem });
}

async function readPicture(file: string): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      // Before memory is taken for it; a pipe says 0, and is known when it is read.
      requireRoom((await handle.stat()).size);
      const bytes = await handle.readFile();
      requireRoom(bytes.length);
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new OcrHubError('file_not_found', { file, problem: (error as Error).message }, { cause: error });
  }
}

function requireRoom(bytes: number): void {
  if (bytes > mostBytes) throw new Error(`its ${bytes} bytes are more than a request can carry`);
}

/** What fits into a string as base64, with room for the rest of the body. */
const mostBytes = Math.floor(constants.MAX_STRING_LENGTH / 4) * 3 - 1024;

/** A server's own deadline comes first; this one is for what is no server. Milliseconds. */
const answerTimeout = 24 * 3600 * 1000;

async function post(url: string, body: string, token: string | undefined): Promise<Reply> {
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const headers = { 'Content-Type': 'application/json', ...authorization };
  return ask(url, { method: 'POST', body, headers, timeout: answerTimeout }).catch((error: unknown) => {
    throw new OcrHubError('server_unreachable', { url, problem: (error as Error).message }, { cause: error });
  });
}

function toHubAnswer(text: string, url: string, http: number): HubAnswer {
  try {
    const answer = JSON.parse(text) as Partial<HubAnswer> | null;
    if (typeof answer?.status === 'string' && typeof answer.msg === 'string') return answer as HubAnswer;
  } catch {
    // Not JSON: some other server answers there.
  }
  throw new OcrHubError('answer_not_hubserving', { url, http });
}
