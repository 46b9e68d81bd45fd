import type { Image } from '../../image/image.js';
import { columnContrasts, gapsWithin, quietParts } from './ink.js';
import type { Letter } from './words.js';

/**
 * The letters of a line without the spaces that are no wider than the gaps between its letters. On displays and in
 * letter-spaced print, the network takes wide gaps between letters for spaces.
 */
export function withoutEvenSpaces(line: Image, letters: readonly Letter[]): readonly Letter[] {
  if (!letters.some(isSpace)) return letters;
  const gaps = gapsOf(line, letters);
  const usual = usualGap(gaps);
  if (usual < line.height * minUsual) return letters;
  const isEven = (width: number): boolean => width > 0 && width <= usual * maxRatio;
  const even = gaps.flatMap(({ width, spaces }) => spaces.filter((space) => isEven(width) || isEven(space.width)));
  const dropped = new Set(even.map(({ letter }) => letter));
  return letters.filter((letter) => !dropped.has(letter));
}

/** Between two letters that are no marks. */
interface Gap {
  /** Columns, as if no mark stood in it. */
  readonly width: number;
  readonly spaces: readonly SpaceInGap[];
}

interface SpaceInGap {
  readonly letter: Letter;
  /** Columns to the neighbors on both sides, which may be marks. */
  readonly width: number;
}

/** Shares of the line's height. In ordinary print, letters are closer to each other. */
const minUsual = 0.12;
/** In letter-spaced print a space is at least twice as wide as the gap between two letters; a display's gaps are uneven. */
const maxRatio = 1.7;
/** Fewer letters with a space between any two are read as they are, such as "A & B" and "5 x 5". */
const minSpaced = 5;

/** The width of the gaps without spaces. If each gap has a space, most of them are gaps between letters; 0 if that is not sure. */
function usualGap(gaps: readonly Gap[]): number {
  const close = gaps.filter(({ spaces }) => spaces.length === 0);
  if (close.length > 0) return lowerMedian(close);
  return gaps.length + 1 >= minSpaced ? lowerMedian(gaps) : 0;
}

function lowerMedian(gaps: readonly Gap[]): number {
  const widths = gaps.map(({ width }) => width).toSorted((a, b) => a - b);
  return widths[Math.floor((widths.length - 1) / 2)] ?? 0;
}

/** 0 columns wide where letters touch. */
function gapsOf(line: Image, letters: readonly Letter[]): Gap[] {
  const quiet = quietParts(columnContrasts(line));
  // Points and commas stand below.
  const quietAbove = quietParts(columnContrasts(upperPart(line)));
  const bodies = letters.flatMap((letter, i) => (isSpace(letter) || mark.test(letter.text) ? [] : [i]));
  return bodies.slice(1).flatMap((at, i) => {
    const from = bodies[i] ?? 0;
    const [left, right] = [letters[from], letters[at]];
    if (left === undefined || right === undefined) return [];
    const between = letters.slice(from + 1, at);
    const width = widestGap(between.every(isSpace) ? quiet : quietAbove, left, right);
    const spaces = between.flatMap((letter, k) => {
      const [before, after] = [letters[from + k], letters[from + k + 2]];
      if (!isSpace(letter) || before === undefined || after === undefined) return [];
      return [{ letter, width: widestGap(quiet, before, after) }];
    });
    return [{ width, spaces }];
  });
}

function upperPart({ width, height, data }: Image): Image {
  const rows = Math.ceil(height * upperShare);
  return { width, height: rows, data: data.subarray(0, rows * width * 3) };
}

const upperShare = 0.6;

/** Columns; 0 where the letters touch. */
function widestGap(quiet: Uint8Array, left: Letter, right: Letter): number {
  const runs = gapsWithin(quiet, Math.ceil(left.at * quiet.length), Math.floor(right.at * quiet.length));
  return runs.reduce((widest, { from, to }) => Math.max(widest, to - from), 0);
}

/** Marks that have little room of their own, or none on a display. */
const mark = /^[.,:;'’·]$/;

function isSpace({ text }: Letter): boolean {
  return text === ' ';
}
