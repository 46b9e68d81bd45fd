import { PassThrough } from 'node:stream';
import type { Request } from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ByteBudget } from '../../../src/runtime/http/byte-budget.js';
import { readBody } from '../../../src/runtime/http/read-body.js';

/** A request whose body is what the test writes. */
function upload(): PassThrough & Request {
  const get = (name: string): string | undefined => (name === 'content-type' ? 'application/json' : undefined);
  return Object.assign(new PassThrough(), { get }) as unknown as PassThrough & Request;
}

/** Lets what was written arrive. */
const arrive = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a body that stops arriving', () => {
  it('is given up after ten seconds in which nothing came', async () => {
    const request = upload();
    const body = readBody(request, 100, new ByteBudget(100));
    const outcome = expect(body).rejects.toMatchObject({ code: 'body_stalled', httpStatus: 408 });
    request.write('{"images":["');
    await vi.advanceTimersByTimeAsync(10_001);
    await outcome;
  });

  it('may take its time as long as something comes', async () => {
    const request = upload();
    const body = readBody(request, 100, new ByteBudget(100));
    for (const byte of 'slowly') {
      request.write(byte);
      await vi.advanceTimersByTimeAsync(9000);
    }
    request.end();
    expect(Buffer.from(await body).toString()).toBe('slowly');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the bodies that arrive at once', () => {
  it('may have so many bytes together; what comes beyond is refused, and the others go on', async () => {
    const budget = new ByteBudget(10);
    const [first, second] = [upload(), upload()];
    const bodies = [readBody(first, 100, budget), readBody(second, 100, budget)] as const;
    const refused = expect(bodies[1]).rejects.toMatchObject({ code: 'arrivals_full', httpStatus: 429 });
    first.write('123456');
    await arrive();
    second.write('12345');
    await refused;
    first.end('7890');
    expect(Buffer.from(await bodies[0]).toString()).toBe('1234567890');
  });

  it.each(['is read', 'stalls', 'is too large', 'breaks off'])('leave room again when one %s', async (end) => {
    const budget = new ByteBudget(10);
    const request = upload();
    const body = readBody(request, 9, budget).catch(() => undefined);
    request.write('12345678');
    await arrive();
    if (end === 'is read') request.end();
    else if (end === 'stalls') await vi.advanceTimersByTimeAsync(10_001);
    else if (end === 'is too large') request.write('90');
    else request.destroy(new Error('aborted'));
    await body;
    const next = upload();
    next.end('1234567890');
    expect(await readBody(next, 10, budget)).toHaveLength(10);
  });
});
