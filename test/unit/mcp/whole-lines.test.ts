import { expect, it } from 'vitest';
import { WholeLines } from '../../../src/runtime/mcp/whole-lines.js';

/** What comes out for chunks, and how often a line was too long. */
async function passed(chunks: readonly string[], maxBytes = 100): Promise<{ pieces: string[]; tooLong: number }> {
  let tooLong = 0;
  const lines = new WholeLines(maxBytes, () => tooLong++);
  const pieces: string[] = [];
  lines.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  const ended = new Promise((resolve) => lines.once('end', resolve));
  for (const chunk of chunks) lines.write(chunk);
  lines.end();
  await ended;
  return { pieces, tooLong };
}

it.each([1, 2, 3, 5, 7, 100])('passes on whole lines of chunks of %d characters', async (size) => {
  const text = 'first\nsecond line\n\nfourth\n行\n';
  const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  const { pieces, tooLong } = await passed(chunks);
  expect(pieces.join('')).toBe(text);
  expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
  expect(tooLong).toBe(0);
});

it('leaves out a line that is too long, and passes on the next', async () => {
  const long = 'x'.repeat(60);
  expect(await passed(['a\n', long, long, long, 'end\nb\n', `${long}${long}\nc\n`, 'd\n'])).toEqual({
    pieces: ['a\n', 'b\n', 'c\n', 'd\n'],
    tooLong: 2,
  });
});

it('takes a line of the largest size', async () => {
  const line = `${'x'.repeat(99)}\n`;
  expect(await passed([line.slice(0, 50), line.slice(50), line, `x${line}`])).toEqual({
    pieces: [line, line],
    tooLong: 1,
  });
});
