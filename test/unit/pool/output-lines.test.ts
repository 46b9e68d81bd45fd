import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readOutputLines } from '../../../src/runtime/pool/output-lines.js';

function reader(): { stream: PassThrough; lines: string[] } {
  const stream = new PassThrough();
  const lines: string[] = [];
  readOutputLines(stream, (line) => lines.push(line));
  return { stream, lines };
}

it('the output of a worker is split at \\n, \\r\\n and \\r in chunks of any size', async () => {
  const { stream, lines } = reader();
  for (const piece of ['one\ntw', 'o\r', '\nthree\rfo', 'ur\n\n', 'fi', 've']) {
    stream.write(piece);
    await turn();
  }
  expect(lines).toEqual(['one', 'two', 'three', 'four', '']);
  stream.end();
  await finished(stream);
  expect(lines.at(-1)).toBe('five');
});

it('the output of a worker keeps a character whose bytes arrive in two chunks', async () => {
  const { stream, lines } = reader();
  const bytes = Buffer.from('价\n');
  stream.write(bytes.subarray(0, 1));
  await turn();
  stream.write(bytes.subarray(1));
  await turn();
  expect(lines).toEqual(['价']);
});

it('a line of more than 64 Ki characters in the output of a worker is cut', async () => {
  const { stream, lines } = reader();
  const piece = 'x'.repeat(100_000);
  for (let i = 0; i < 20; i++) {
    stream.write(piece);
    await turn();
  }
  expect(Math.max(...lines.map((line) => line.length))).toBe(65_536);
  expect(lines.join('').length).toBeGreaterThan(20 * piece.length - 65_536);
  stream.end('\nlast\n');
  await finished(stream);
  expect(lines.join('')).toBe(`${piece.repeat(20)}last`);
});
