import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readStdin } from '../../../src/runtime/inputs/stdin.js';

const stream = (...chunks: string[]): Readable => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

it('standard input is read to its end', async () => {
  expect((await readStdin(stream('ab', 'cd', 'e'), 5)).toString()).toBe('abcde');
});

it.each([
  ['more than the limit', stream('abc', 'def'), 'it has more than 5 bytes'],
  ['nothing', stream(), 'it is empty'],
  ['a terminal', Object.assign(stream('typed'), { isTTY: true }), 'it is a terminal'],
])('standard input is refused if it is %s', async (_, stdin, problem) => {
  await expect(readStdin(stdin, 5)).rejects.toMatchObject({
    message: `Standard input cannot be read as a file: ${problem}`,
    exitCode: 3,
  });
});
