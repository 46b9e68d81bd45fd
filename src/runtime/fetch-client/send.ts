import { isBusy } from './busy.js';
import { OcrhubError, toOcrhubError } from './error.js';
import { backoffMs, pause, retryAfterMs } from './pause.js';

export interface Sending {
  readonly fetch: typeof fetch;
  /** Further attempts after the first. */
  readonly retries: number;
}

/**
 * Sends a request, and reads its answer with `take` if that is not an error. A server that is busy (429) or not ready
 * (503) gets the request again after a pause.
 *
 * @throws OcrhubError, and the reason of `init.signal` if that is aborted
 */
export async function send<T>(
  url: string,
  init: RequestInit,
  { fetch, retries }: Sending,
  take: (response: Response) => Promise<T>,
): Promise<T> {
  const signal = init.signal ?? undefined;
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt > retries;
    let pauseMs = backoffMs(attempt);
    try {
      const response = await fetch(url, init);
      if (!isError(response)) return await take(response);
      const problem = await toOcrhubError(response);
      if (isLast || !isBusy(response.status, response.headers.get('X-Ocrhub-Error') ?? undefined)) throw problem;
      pauseMs = retryAfterMs(response.headers.get('Retry-After')) ?? pauseMs;
    } catch (error) {
      if (error instanceof OcrhubError) throw error;
      signal?.throwIfAborted();
      if (isLast || !isSafeToRepeat(error, init.method)) throw unreachable(url, error);
    }
    await pause(pauseMs, signal);
  }
}

/** With --http_status_200 a server sends errors with status 200, and only their header tells. */
function isError({ ok, headers }: Response): boolean {
  return !ok || headers.has('X-Ocrhub-Error');
}

/** Node's and Deno's names of the reasons why no connection was made. Browsers name no reason. */
const notConnected = ['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** A page whose connection broke may be in work: it is sent again only if it cannot have reached the server. */
function isSafeToRepeat(error: unknown, method = 'GET'): boolean {
  return method === 'GET' || notConnected.includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}

function unreachable(url: string, error: unknown): OcrhubError {
  const cause = error instanceof Error ? error.cause : undefined;
  // Node puts "fetch failed" before the reason.
  const reason = [cause, error].find((candidate) => candidate instanceof Error && candidate.message !== '');
  return new OcrhubError(`No answer from ${url}: ${reason instanceof Error ? reason.message : String(error)}`, {
    code: 'server_unreachable',
    hint: 'Start a server: ocrhub serving start -m ocr_system',
    cause: error,
  });
}
