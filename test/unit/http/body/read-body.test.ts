import { PassThrough } from 'node:stream';
import type { Request } from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blockSize } from '../../../../src/runtime/http/body/arriving-body.js';
import { ByteBudget } from '../../../../src/runtime/http/body/byte-budget.js';
import { jsonBody, readBody } from '../../../../src/runtime/http/body/read-body.js';

/** A request to which the test writes the body. */
function upload(): PassThrough & Request {
  const get = (name: string): string | undefined => (name === 'content-type' ? 'application/json' : undefined);
  return Object.assign(new PassThrough(), { get }) as unknown as PassThrough & Request;
}

/** Waits until written bytes have arrived. */
const arrive = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a body that stops arriving', () => {
  it('is refused after ten seconds without a byte', async () => {
    const request = upload();
    const body = readBody(request, { types: [jsonBody], limit: 100, arrivals: new ByteBudget(blockSize) });
    const outcome = expect(body).rejects.toMatchObject({ code: 'body_stalled', httpStatus: 408 });
    request.write('{"images":["');
    await vi.advanceTimersByTimeAsync(10_001);
    await outcome;
  });

  it('has no time limit as long as bytes arrive', async () => {
    const request = upload();
    const body = readBody(request, { types: [jsonBody], limit: 100, arrivals: new ByteBudget(blockSize) });
    for (const byte of 'slowly') {
      request.write(byte);
      await vi.advanceTimersByTimeAsync(9000);
    }
    request.end();
    expect(Buffer.from(await body).toString()).toBe('slowly');
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** A budget of `blocks` blocks. `begin` starts a body that uses it. */
function arrivals(blocks: number): {
  budget: ByteBudget;
  begin: () => { request: PassThrough; body: Promise<string> };
} {
  const budget = new ByteBudget(blocks * blockSize);
  const begin = () => {
    const request = upload();
    const body = readBody(request, { types: [jsonBody], limit: 10 * blockSize, arrivals: budget }).then((bytes) =>
      Buffer.from(bytes).toString(),
    );
    // A test checks the rejection later.
    body.catch(() => undefined);
    return { request, body };
  };
  return { budget, begin };
}

const full = { code: 'arrivals_full', httpStatus: 429 };
const block = 'x'.repeat(blockSize);

describe('bodies that arrive at the same time', () => {
  it('share a limited amount of memory; a body beyond it is refused and the others continue', async () => {
    const { begin } = arrivals(3);
    const [first, second] = [begin(), begin()];
    first.request.write(block + block);
    await arrive();
    second.request.write(`${block}1`);
    await expect(second.body).rejects.toMatchObject(full);
    first.request.end('end');
    expect(await first.body).toBe(`${block}${block}end`);
  });

  it('count by their bytes, also if they arrive in chunks of one byte', async () => {
    const { begin } = arrivals(3);
    const text = 'byte by byte, '.repeat(3000);
    const cut = [begin(), begin(), begin()];
    for (const { request } of cut) for (const byte of text) request.write(byte);
    await arrive();
    const next = begin();
    next.request.write('1');
    await expect(next.body).rejects.toMatchObject(full);
    for (const { request } of cut) request.end();
    expect(await Promise.all(cut.map(({ body }) => body))).toEqual([text, text, text]);
  });

  it('lose the largest body if the memory runs out', async () => {
    const { begin } = arrivals(8);
    const [large, larger, small] = [begin(), begin(), begin()];
    large.request.write(block.repeat(3));
    larger.request.write(block.repeat(5));
    await arrive();
    small.request.end('a page');
    await expect(larger.body).rejects.toMatchObject(full);
    expect(await small.body).toBe('a page');
    large.request.end();
    expect(await large.body).toHaveLength(3 * blockSize);
  });

  it.each(['is read', 'stalls', 'is too large', 'breaks off', 'gives way'])(
    'release their memory if the body %s',
    async (end) => {
      const { budget, begin } = arrivals(8);
      const { request, body } = begin();
      request.write(block.repeat(8));
      await arrive();
      if (end === 'is read') request.end();
      else if (end === 'stalls') await vi.advanceTimersByTimeAsync(10_001);
      else if (end === 'is too large') request.write(block.repeat(3));
      else if (end === 'gives way') begin().request.end('1');
      else request.destroy(new Error('aborted'));
      await body.catch(() => undefined);
      await arrive();
      expect(budget.take({ giveWay: () => undefined }, budget.size)).toBe(true);
    },
  );
});
