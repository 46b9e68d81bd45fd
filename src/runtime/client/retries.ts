import { setTimeout as wait } from 'node:timers/promises';
import { readErrorHeaders } from '../errors/http-headers.js';
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
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt >= retries;
    try {
      const answer = await send();
      if (isLast || !isBusy(answer)) return answer;
      await sleep(jittered(retryAfterMs(answer) ?? backoffMs(attempt)));
    } catch (error) {
      if (isLast || !(isBroken(error) || (retriesRefusal && codeOf(error) === 'ECONNREFUSED'))) throw error;
      await sleep(jittered(backoffMs(attempt)));
    }
  }
}

const firstDelayMs = 500;
const maxDelayMs = 60_000;

function backoffMs(attempt: number): number {
  return Math.min(firstDelayMs * 2 ** attempt, maxDelayMs);
}

/** Up to a quarter longer, and never shorter than the server asks for. */
function jittered(ms: number): number {
  return ms * (1 + Math.random() / 4);
}

/** The codes of ocrhub's own servers with which the same request may succeed later. */
const passing: readonly string[] = ['queue_full', 'arrivals_full', 'not_ready'];

/** With `--http_status_200` a busy server answers HTTP 200; the header with its code tells. */
function isBusy({ http, headers }: HttpAnswer): boolean {
  const code = readErrorHeaders(headers)?.code;
  return code === undefined ? http === 429 || http === 503 : passing.includes(code);
}

/** Retry-After is a number of seconds, or a date. */
function retryAfterMs({ headers }: HttpAnswer): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxDelayMs);
}

/** Whether the connection broke while the request was under way. */
function isBroken(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  return (cause as NodeJS.ErrnoException).code ?? '';
}
