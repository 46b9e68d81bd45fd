import type { PageLine, TextWord } from '../../src/runtime/document/page.js';
import { distance, type Point, type Quad } from '../../src/runtime/geometry/point.js';
import { iou } from '../golden/iou.js';

/**
 * A word as it was drawn. Each region begins at the corner where the word begins, goes clockwise and has the width of the
 * word's ink. `font` has the height of the font, `ink` of the ink of the whole line, `own` of the ink of the word.
 */
export interface TrueWord {
  readonly text: string;
  /** word: three characters or more; short: one or two; han: one Chinese character; mark: Chinese punctuation. */
  readonly kind: 'word' | 'short' | 'han' | 'mark';
  readonly font: Quad;
  readonly ink: Quad;
  readonly own: Quad;
}

export type TrueLine = readonly TrueWord[];

/** Intersection over union of the box of one word with each true box, 0 to 1. */
export interface WordFit {
  readonly word: TrueWord;
  /** Intersection over union along the line only, from the left to the right end of the word. */
  readonly along: number;
  readonly font: number;
  readonly ink: number;
  readonly own: number;
  /** Whether all corners are inside the region of the line. */
  readonly isInside: boolean;
}

/** Compares the words of a page with the drawn words. Words that were not read correctly have no fit. */
export function fitWords(truth: readonly TrueLine[], found: readonly PageLine[]): WordFit[] {
  return truth.flatMap((line) => {
    const match = nearestLine(line, found);
    if (match === undefined) return [];
    return align(line, match.words ?? []).map(([word, { region }]) => ({
      word,
      along: intervalIou(region, word.font),
      font: iou(region, clockwise(word.font)),
      ink: iou(region, clockwise(word.ink)),
      own: iou(region, clockwise(word.own)),
      isInside: region.every((corner) => isWithin(match.text_region, corner)),
    }));
  });
}

/** The line of the page at the position of a drawn line. */
function nearestLine(truth: TrueLine, found: readonly PageLine[]): PageLine | undefined {
  const [first] = truth;
  const last = truth.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const middle = middleOf([first.ink[0], last.ink[1], last.ink[2], first.ink[3]]);
  const height = distance(first.font[0], first.font[3]);
  return found.find((line) => distance(middleOf(line.text_region), middle) < height / 2);
}

/** The longest list of pairs of words with the same text, in the order of both lines. */
function align(truth: TrueLine, words: readonly TextWord[]): [TrueWord, TextWord][] {
  const [drawn, ...others] = truth;
  if (drawn === undefined) return [];
  const at = words.findIndex(({ text }) => text === drawn.text);
  const word = words[at];
  if (word === undefined) return align(others, words);
  const taken: [TrueWord, TextWord][] = [[drawn, word], ...align(others, words.slice(at + 1))];
  if (at === 0) return taken;
  const left = align(others, words);
  return left.length > taken.length ? left : taken;
}

/** Intersection over union of both boxes along the upper side of the true box. */
function intervalIou(region: Quad, [from, to]: Quad): number {
  const length = distance(from, to);
  const places = region
    .map(([x, y]) => ((x - from[0]) * (to[0] - from[0]) + (y - from[1]) * (to[1] - from[1])) / length)
    .toSorted((a, b) => a - b);
  // Each end has two corners.
  const [a = 0, b = 0, c = 0, d = 0] = places;
  const [left, right] = [(a + b) / 2, (c + d) / 2];
  const common = Math.max(0, Math.min(right, length) - Math.max(left, 0));
  return common / (Math.max(right, length) - Math.min(left, 0));
}

function middleOf(quad: Quad): Point {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
  return [mean(quad.map(([x]) => x)), mean(quad.map(([, y]) => y))];
}

/** The corners in clockwise order, which `iou` needs. */
function clockwise([a, b, c, d]: Quad): Quad {
  const isClockwise = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0;
  return isClockwise ? [a, b, c, d] : [d, c, b, a];
}

function isWithin(quad: Quad, [x, y]: Point): boolean {
  return clockwise(quad).every(([x0, y0], i, corners) => {
    const [x1, y1] = corners[(i + 1) % 4] ?? [x0, y0];
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0;
  });
}
