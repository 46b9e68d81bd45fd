import { Readable } from 'node:stream';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createInflateAny } from '../../../../src/runtime/http/body/inflate-any.js';

const text = Buffer.from('a page '.repeat(500));
const more = Buffer.from('more');

describe('a deflated body with bytes behind its end', () => {
  it.each([
    ['zlib, in one part', [Buffer.concat([deflateSync(text), more])]],
    ['zlib, in several parts', [deflateSync(text), more, more]],
    ['bare deflate, in one part', [Buffer.concat([deflateRawSync(text), more])]],
    ['bare deflate, in several parts', [deflateRawSync(text), more, more]],
  ])('ends (%s)', async (_, parts) => {
    const read: unknown[] = await Readable.from(parts).pipe(createInflateAny()).toArray();
    expect(Buffer.concat(read as Buffer[]).equals(text)).toBe(true);
  });
});
