import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../src/runtime/client/http-request.js';
import { withRetries, type RetryOptions } from '../../../src/runtime/client/retries.js';

const answer = (http: number, headers: Record<string, string> = {}): HttpAnswer => ({
  http,
  headers,
  body: Buffer.from(''),
  text: '',
});

const broken = (code: string): Error => new Error(code, { cause: Object.assign(new Error(code), { code }) });

/** Sends until the answers run out. Returns the outcome and the waits in milliseconds. */
async function attempt(
  answers: readonly (HttpAnswer | Error)[],
  options: Partial<RetryOptions> = {},
): Promise<{ outcome: number | string; waits: number[] }> {
  const waits: number[] = [];
  const left = [...answers];
  const send = (): Promise<HttpAnswer> => {
    const next = left.shift();
    if (next === undefined) throw new Error('sent too often');
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  const outcome = await withRetries(send, { retries: 3, retriesRefusal: false, sleep, ...options }).then(
    ({ http }) => http,
    (error: unknown) => (error as Error).message,
  );
  expect(left).toEqual([]);
  return { outcome, waits };
}

const expectWait = (ms: number | undefined, least: number): void => {
  expect(ms).toBeGreaterThanOrEqual(least);
  expect(ms).toBeLessThanOrEqual(least * 1.25);
};

describe('withRetries', () => {
  it.each([429, 503])('sends again after HTTP %d, when Retry-After has passed', async (http) => {
    const { outcome, waits } = await attempt([answer(http, { 'retry-after': '7' }), answer(200)]);
    expect(outcome).toBe(200);
    expectWait(waits[0], 7000);
  });

  it('waits until the date in Retry-After', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    const { waits } = await attempt([answer(503, { 'retry-after': date }), answer(200)]);
    expect(waits[0]).toBeGreaterThan(18_000);
    expect(waits[0]).toBeLessThanOrEqual(25_000);
  });

  it('waits at most a minute', async () => {
    const { waits } = await attempt([answer(503, { 'retry-after': '86400' }), answer(200)]);
    expectWait(waits[0], 60_000);
  });

  it.each([{}, { 'retry-after': 'soon' }])('waits twice as long each time with the headers %j', async (headers) => {
    const busy = answer(429, headers);
    const { outcome, waits } = await attempt([busy, busy, busy, busy]);
    expect(outcome).toBe(429);
    [500, 1000, 2000].forEach((ms, i) => expectWait(waits[i], ms));
  });

  it.each([200, 400, 404, 422, 500, 504])('returns HTTP %d at once', async (http) => {
    expect(await attempt([answer(http)])).toEqual({ outcome: http, waits: [] });
  });

  it.each([
    ['queue_full', 200, true],
    ['arrivals_full', 429, true],
    ['not_ready', 503, true],
    ['process_died', 503, false],
    ['module_start_failed', 503, false],
    ['image_unreadable', 200, false],
  ])('with the code %s and HTTP %d it sends again: %s', async (code, http, again) => {
    const first = answer(http, { 'x-ocrhub-error': code });
    const { waits } = await attempt(again ? [first, answer(200)] : [first]);
    expect(waits).toHaveLength(again ? 1 : 0);
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])('sends again after %s', async (code) => {
    expect((await attempt([broken(code), answer(200)])).outcome).toBe(200);
  });

  it('throws the last error when the attempts are used up', async () => {
    const { outcome, waits } = await attempt([broken('ECONNRESET'), broken('EPIPE')], { retries: 1 });
    expect([outcome, waits.length]).toEqual(['EPIPE', 1]);
  });

  it('sends again after a refused connection only if the server answered before', async () => {
    const refused = broken('ECONNREFUSED');
    expect(await attempt([refused])).toEqual({ outcome: 'ECONNREFUSED', waits: [] });
    expect((await attempt([refused, answer(200)], { retriesRefusal: true })).outcome).toBe(200);
  });

  it('sends once with no retries', async () => {
    expect(await attempt([answer(503)], { retries: 0 })).toEqual({ outcome: 503, waits: [] });
  });
});
