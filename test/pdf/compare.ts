import type { PageLine } from '../../src/runtime/document/page.js';
import type { Point } from '../../src/runtime/geometry/point.js';
import { boxIou } from '../helpers/searchable-pdf.js';
import type { FoundWord } from './readers.js';

/** A word with its box; or words without a space between them, which poppler reports as one. */
export interface TrueWord {
  readonly text: string;
  readonly corners: readonly Point[];
}

/** @param scale points a pixel */
export function trueWords({ words = [] }: PageLine, scale: number): TrueWord[] {
  return words.map(({ text, region }) => ({ text, corners: region.map(([x, y]): Point => [x * scale, y * scale]) }));
}

/** Joins words that have no space between them in the line's text. */
export function joinedWords(line: PageLine, scale: number): TrueWord[] {
  const words = trueWords(line, scale);
  if (words.length === 0) return [];
  return line.text.split(' ').map((text) => {
    const parts: TrueWord[] = [];
    for (let joined = ''; joined.length < text.length;) {
      const part = words.shift();
      if (part === undefined) throw new Error(`the words of the line ${line.text} do not make up its text`);
      joined += part.text;
      parts.push(part);
    }
    return { text, corners: parts.flatMap(({ corners }) => corners) };
  });
}

/** For each true word, the best overlap with a found word of the same text; 0 without one. */
export function fits(truth: readonly TrueWord[], found: readonly FoundWord[]): number[] {
  const byText = new Map<string, FoundWord[]>();
  for (const word of found) byText.set(word.text, [...(byText.get(word.text) ?? []), word]);
  const backward = (text: string): string => text.split('').reverse().join('');
  return truth.map(({ text, corners }) => {
    // `pdftotext -bbox` has the letters from left to right, also of Hebrew.
    const words = [...(byText.get(text) ?? []), ...(byText.get(backward(text)) ?? [])];
    return Math.max(0, ...words.map((word) => boxIou(word.corners, corners)));
  });
}

/** The overlap of each true word with its units; undefined unless the units are the whole text in its order. */
export function fitsOfUnits(truth: readonly TrueWord[], units: readonly FoundWord[]): number[] | undefined {
  if (truth.map(({ text }) => text).join('') !== units.map(({ text }) => text).join('')) return undefined;
  let at = 0;
  return truth.map(({ text, corners }) => {
    const own = units.slice(at, at + text.length);
    at += text.length;
    return boxIou(
      own.flatMap((unit) => [...unit.corners]),
      corners,
    );
  });
}

export function wordsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(/\s+/).filter((word) => word !== ''));
}

/** Share of words of the truth that are in the other list, each as often as there. */
export function shareFound(truth: readonly string[], found: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const word of found) counts.set(word, (counts.get(word) ?? 0) + 1);
  const hits = truth.filter((word) => {
    const count = counts.get(word) ?? 0;
    counts.set(word, count - 1);
    return count > 0;
  });
  return hits.length / Math.max(truth.length, 1);
}
