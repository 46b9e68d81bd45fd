import { setTimeout as wait } from 'node:timers/promises';
import { readErrorHeaders } from '../errors/http-headers.js';
import { isBusy } from '../fetch-client/busy.js';
import { backoffMs, retryAfterMs } from '../fetch-client/pause.js';
import type { HttpAnswer } from './http-request.js';

export interface RetryOptions {
  /** Maximum further attempts. */
  readonly retries: number;
  /** Whether to try again if the connection is refused: the server answered before, so it may be restarting. */
  readonly retriesRefusal: boolean;
  /** For tests. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * Sends a request again while the server is busy (HTTP 429 and 503) and after a connection broke. Waits as long as
 * Retry-After says, otherwise twice as long each time; at most a minute. A random part keeps several clients apart.
 *
 * @returns the last answer, which may be that of a busy server
 * @throws the error of the last attempt
 */
export async function withRetries(
  send: () => Promise<HttpAnswer>,
  { retries, retriesRefusal, sleep = wait }: RetryOptions,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt > retries;
    try {
      const answer = await send();
      const { http, headers } = answer;
      if (isLast || !isBusy(http, readErrorHeaders(headers)?.code)) return answer;
      await sleep(jittered(retryAfterMs(headers['retry-after']) ?? backoffMs(attempt)));
    } catch (error) {
      if (isLast || !(isBroken(error) || (retriesRefusal && codeOf(error) === 'ECONNREFUSED'))) throw error;
      await sleep(jittered(backoffMs(attempt)));
    }
  }
}

/** Up to a quarter longer, and never shorter than the server asks for. */
function jittered(ms: number): number {
  return ms * (1 + Math.random() / 4);
}

/** Whether the connection broke while the request was under way. */
function isBroken(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  return (cause as NodeJS.ErrnoException).code ?? '';
}
