import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatTable } from '../../../src/commands/_text.js';

describe('formatTable', () => {
  it('pads every column to its widest cell and leaves no blanks at the end of a line', () => {
    expect(formatTable(['NAME', 'WHAT'], [['ocr_system', 'all']])).toBe('NAME        WHAT\nocr_system  all');
  });

  it.each([
    ['Chinese', '识别文字', 8],
    ['Japanese and Latin', 'OCRエンジン', 11],
    ['Korean', '한국어', 6],
    ['an emoji', '🚀', 2],
    ['an emoji of several code points', '👩‍💻', 2],
    ['a flag', '🇨🇳', 2],
    ['a letter with a combining accent', 'e\u0301', 1],
  ])('counts the columns of a terminal in a cell with %s', (_, cell, columns) => {
    const [head, row] = formatTable(['A', 'B'], [[cell, 'b']]).split('\n');
    expect(row).toBe(`${cell}  b`);
    expect(head).toBe(`A${' '.repeat(columns + 1)}B`);
  });
});

describe('formatBytes', () => {
  it.each([
    [undefined, '?'],
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [300_000, '300.0 kB'],
    [21_240_000, '21.2 MB'],
    [1_610_612_736, '1.6 GB'],
  ])('writes %s bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

it('formatCount uses the singular only for 1', () => {
  expect([0, 1, 2].map((count) => formatCount(count, 'picture'))).toEqual(['0 pictures', '1 picture', '2 pictures']);
});

it.each([
  [0, '0 s'],
  [0.2, '1 s'],
  [59.5, '1 min 0 s'],
  [200, '3 min 20 s'],
  [3600, '1 h 0 min'],
  [90_000, '25 h 0 min'],
])('formatDuration writes %d seconds as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
