import { setTimeout as sleep } from 'node:timers/promises';
import { jobRequests, protocolRequests, type ProtocolRequest } from '../lib/protocol-requests.js';

export interface Answer {
  /** 0 if the connection failed. */
  readonly status: number;
  readonly text: string;
  /** The protocol tells errors in the body of an answer with status 200, and this one is an error. */
  readonly isRefusal?: boolean;
}

/** All protocols, and formats of /predict, by name. */
export const protocolNames: readonly string[] = [
  ...Object.keys(protocolRequests),
  ...['text', 'markdown', 'tsv', 'hocr', 'alto', 'page'].map((format) => `format ${format}`),
  ...Object.keys(jobRequests),
];

/** Sends one file through a protocol, and waits for the result of a job. It never throws. */
export async function ask(url: string, protocol: string, file: Buffer<ArrayBuffer>): Promise<Answer> {
  const job = jobRequests[protocol];
  if (job === undefined) {
    const answer = await answerOf(url, requestOf(protocol, file));
    return { ...answer, isRefusal: answer.status === 200 && refusals[protocol]?.test(answer.text) === true };
  }
  const { status, text, headers } = await send(url, job(file));
  if (status >= 300 || status === 0) return { status, text };
  return poll(url, protocol, text, headers?.get('operation-location') ?? '');
}

/** Errors of the protocols that answer them with status 200. */
const refusals: Readonly<Record<string, RegExp>> = {
  paddleserving: /"err_no":[1-9]/,
  umiocr: /^\{"code":(?!10[01]\b)/,
};

function requestOf(protocol: string, file: Buffer<ArrayBuffer>): ProtocolRequest {
  const [, format] = protocol.split('format ');
  const make = protocolRequests[format === undefined ? protocol : 'predict'];
  if (make === undefined) throw new Error(`there is no protocol ${protocol}`);
  const request = make(file);
  return format === undefined ? request : { ...request, path: `${request.path}?format=${format}` };
}

async function answerOf(url: string, request: ProtocolRequest): Promise<Answer> {
  const { status, text } = await send(url, request);
  return { status, text };
}

/** Asks for a job until it has ended. A server that is away for a moment is asked again. */
async function poll(url: string, protocol: string, submitted: string, location: string): Promise<Answer> {
  const id = JSON.parse(submitted === '' ? '{}' : submitted) as { data?: { jobId: string }; task_id?: string };
  const own = new URL(location === '' ? url : location).pathname;
  for (let attempt = 0; attempt < 600; attempt++) {
    const path =
      protocol === 'azure'
        ? own
        : protocol === 'paddlejobs'
          ? `/api/v2/ocr/jobs/${id.data?.jobId ?? ''}`
          : `/v1/status/poll/${id.task_id ?? ''}`;
    const state = await get(url, path);
    if (state.status === 200) {
      const ended = await endedJob(url, protocol, state.text);
      if (ended !== undefined) return ended;
    } else if (state.status !== 0 && state.status !== 503 && state.status !== 429) return state;
    await sleep(200);
  }
  return { status: 0, text: 'the job has not ended after two minutes' };
}

interface JobState {
  readonly status?: string;
  readonly task_status?: string;
  readonly task_id?: string;
  readonly data?: { readonly state: string; readonly resultUrl?: { readonly jsonUrl: string } };
}

/** The result of a job that has ended; undefined if it has not, or its result cannot be had now. */
async function endedJob(url: string, protocol: string, text: string): Promise<Answer | undefined> {
  const state = JSON.parse(text) as JobState;
  const word = state.status ?? state.task_status ?? state.data?.state ?? '';
  if (['failed', 'failure'].includes(word)) return { status: 500, text };
  if (protocol === 'azure') return word === 'succeeded' ? { status: 200, text } : undefined;
  if (!['done', 'success'].includes(word)) return undefined;
  const place =
    protocol === 'paddlejobs'
      ? new URL(state.data?.resultUrl?.jsonUrl ?? url).pathname
      : `/v1/result/${state.task_id ?? ''}`;
  const result = await get(url, place);
  return result.status === 200 ? result : undefined;
}

async function get(url: string, path: string): Promise<Answer> {
  return answerOf(url, { method: 'GET', path, body: '' });
}

async function send(
  url: string,
  { method = 'POST', path, headers = {}, body }: ProtocolRequest,
): Promise<Answer & { headers?: Headers }> {
  try {
    const response = await fetch(url + path, { method, headers, ...(method === 'GET' ? {} : { body }) });
    return { status: response.status, text: await response.text(), headers: response.headers };
  } catch (error) {
    return { status: 0, text: String((error as Error).cause ?? error) };
  }
}
