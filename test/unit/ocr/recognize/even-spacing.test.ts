import { describe, expect, it } from 'vitest';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import { withoutEvenSpaces } from '../../../../src/runtime/ocr/recognize/even-spacing.js';

/** A letter, the columns that it fills, and whether a space was read before it. */
type Print = readonly [text: string, from: number, to: number, isSpaced?: boolean];

/** A white line, 40 pixels high. Letters fill rows 8 to 31; marks fill the last four of them. */
function read(...prints: readonly Print[]): string {
  const width = Math.max(...prints.map(([, , to]) => to)) + 10;
  const image: Image = blankImage(width, 40);
  image.data.fill(255);
  for (const [text, from, to] of prints)
    for (let y = /[.,]/.test(text) ? 28 : 8; y < 32; y++)
      image.data.fill(0, (y * width + from) * 3, (y * width + to) * 3);
  const letters = prints.flatMap(([text, from, to, isSpaced = false]) => {
    const letter = { text, confidence: 1, at: (from + to) / 2 / width };
    return isSpaced ? [{ text: ' ', confidence: 0.5, at: (from - 3) / width }, letter] : [letter];
  });
  return withoutEvenSpaces(image, letters)
    .map(({ text }) => text)
    .join('');
}

describe('a space that was read in a line', () => {
  it('stays in ordinary print, whose letters are close', () => {
    expect(read(['t', 10, 20], ['o', 22, 32], ['d', 42, 52, true], ['o', 54, 64])).toBe('to do');
  });

  it('is left out if it is as narrow as the gaps between the letters', () => {
    expect(read(['8', 10, 20], ['1', 30, 40], ['7', 50, 60, true], ['3', 70, 80])).toBe('8173');
  });

  it('stays between letter-spaced words', () => {
    const words = read(['T', 10, 20], ['O', 30, 40, true], ['P', 50, 60], ['U', 84, 94, true], ['P', 104, 114, true]);
    expect(words).toBe('TOP UP');
  });

  it('is left out beside a point that has no room of its own', () => {
    expect(read(['0', 10, 30], ['.', 33, 37], ['0', 40, 60], ['0', 70, 90, true])).toBe('0.00');
  });

  it('is left out between all of five letters or more', () => {
    const title = (count: number): string =>
      read(...Array.from('REPORT'.slice(0, count), (letter, i): Print => [letter, i * 20 + 10, i * 20 + 20, i > 0]));
    expect(title(6)).toBe('REPORT');
    expect(title(5)).toBe('REPOR');
    expect(title(3)).toBe('R E P');
  });

  it('is left out beside the commas of a letter-spaced number', () => {
    const number = read(
      ['1', 10, 20],
      ['0', 30, 40, true],
      ['8', 50, 60, true],
      [',', 70, 74, true],
      ['5', 84, 94, true],
      ['6', 104, 114, true],
    );
    expect(number).toBe('108,56');
  });

  it('stays where letters touch, and no gap can be seen', () => {
    expect(read(['a', 10, 20], ['b', 20, 30], ['c', 38, 48, true])).toBe('ab c');
  });
});
