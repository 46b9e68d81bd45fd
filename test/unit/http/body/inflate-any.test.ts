import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createInflateAny } from '../../../../src/runtime/http/body/inflate-any.js';

const plain = Buffer.from(JSON.stringify({ images: ['iVBOR'.repeat(50_000)] }));

const ways = [
  ['zlib', deflateSync(plain)],
  ['bare deflate', deflateRawSync(plain)],
  ['bare deflate without compression', deflateRawSync(plain, { level: 0 })],
  ['bare deflate with fixed codes', deflateRawSync(plain, { strategy: constants.Z_FIXED })],
] as const;

it.each(ways)('unpacks %s, whole and in bytes', async (_, packed) => {
  for (const size of [packed.length, 1]) {
    const chunks = Array.from({ length: Math.ceil(packed.length / size) }, (_, i) =>
      packed.subarray(i * size, (i + 1) * size),
    );
    expect((await buffer(Readable.from(chunks).pipe(createInflateAny()))).equals(plain)).toBe(true);
  }
});

it.each([
  ['zlib that is cut off', deflateSync(plain).subarray(0, 100)],
  ['bare deflate that is cut off', deflateRawSync(plain).subarray(0, 100)],
  ['JSON', Buffer.from('{"images": []}')],
  ['nothing', Buffer.alloc(0)],
])('refuses %s', async (_, packed) => {
  await expect(buffer(Readable.from([packed]).pipe(createInflateAny()))).rejects.toThrow();
});

it('unpacks no more than is taken', async () => {
  const bomb = deflateRawSync(Buffer.alloc(200 * 1024 ** 2));
  const before = process.memoryUsage().arrayBuffers;
  const unpacked = Readable.from([bomb]).pipe(createInflateAny());
  await once(unpacked, 'readable');
  await sleep(200);
  expect(unpacked.readableLength).toBeLessThan(1024 ** 2);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 ** 2);
  unpacked.destroy();
});
