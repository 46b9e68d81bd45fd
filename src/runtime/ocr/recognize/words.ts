import type { TextWord } from '../../document/page.js';
import type { Quad } from '../../geometry/point.js';
import type { Image } from '../../image/image.js';
import { float32Mean } from './float32-mean.js';
import {
  columnContrasts,
  columnInk,
  gapsWithin,
  maxContrast,
  maxNoise,
  quietBelow,
  quietParts,
  rowContrasts,
  type Span,
} from './ink.js';

/** A letter, or a space, and the place of its middle in the picture of its line. */
export interface Letter {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Share of the line's width: 0 is its left end, 1 its right end. */
  readonly at: number;
}

/**
 * Groups the letters of a line into words, and finds the part of the picture that each word fills.
 *
 * A network only tells where the middle of a letter is, to a few pixels. So a word begins and ends where the print does:
 * two neighbors part at the widest gap between their letters, and half-way between the letters if the print has no gap.
 * All words of a line have the same height.
 */
export function placeWords(line: Image, letters: readonly Letter[]): TextWord[] {
  const words = groupLetters(letters);
  const { width, height } = line;
  const quiet = quietColumns(line, (words[0]?.first ?? 0) * width, (words.at(-1)?.last ?? 1) * width);
  const gaps = words.flatMap((word, i) => {
    const next = words[i + 1];
    return next === undefined ? [] : [gapBetween(quiet, word.last * width, next.first * width, next.isSpaced)];
  });
  const start = printStart(quiet, (words[0]?.first ?? 0) * width, height);
  const end = width - printStart(quiet.toReversed(), (1 - (words.at(-1)?.last ?? 1)) * width, height);
  const rows = printRows(line);
  return words.map(({ texts, confidences }, i) => ({
    text: texts.join(''),
    confidence: float32Mean(confidences),
    region: rectangle(widened(gaps[i - 1]?.to ?? start, gaps[i]?.from ?? end, width), rows),
  }));
}

/** At least one column: two peaks in the same gap leave none between them. */
function widened(left: number, right: number, width: number): Span {
  const from = Math.max(0, Math.min(left, width - 1));
  return { from, to: Math.max(right, from + 1) };
}

function rectangle({ from: left, to: right }: Span, { from: top, to: bottom }: Span): Quad {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

interface Group {
  readonly texts: string[];
  readonly confidences: number[];
  /** Whether a space stands before it. */
  readonly isSpaced: boolean;
  /** Whether it follows a character that is a word of its own, without a space. */
  readonly isAttached: boolean;
  /** Middle of the first and of the last letter. */
  readonly first: number;
  last: number;
}

function groupLetters(letters: readonly Letter[]): Group[] {
  const groups: Group[] = [];
  let isSpaced = false;
  for (const { text, confidence, at } of letters) {
    const group = groups.at(-1);
    if (text.trim() === '') isSpaced = true;
    else if (group !== undefined && !isSpaced && continues(group, text)) {
      group.texts.push(text);
      group.confidences.push(confidence);
      group.last = at;
    } else {
      const isAttached = !isSpaced && standsAlone.test(group?.texts.at(-1) ?? '');
      groups.push({ texts: [text], confidences: [confidence], isSpaced, isAttached, first: at, last: at });
      isSpaced = false;
    }
  }
  return groups;
}

function continues({ texts, isAttached }: Group, text: string): boolean {
  if (standsAlone.test(text) || standsAlone.test(texts[0] ?? '')) return false;
  // A comma behind a Chinese character does not begin the Latin word behind it.
  return !isAttached || closingMark.test(text) || !texts.every((before) => closingMark.test(before));
}

/** Characters of scripts without spaces, their punctuation, and the wide forms of others. */
const standsAlone =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u{3000}-\u{303f}\u{ff00}-\u{ffef}]/u;

const closingMark = /^[,.;:!?)\]}]$/;

/**
 * 1 where a column holds no stroke. Under an underline every column has the full contrast. If no column between the first
 * and the last letter is quiet, the ink of the columns decides, of which an underline gives each the same.
 */
function quietColumns(line: Image, first: number, last: number): Uint8Array {
  const [from, to] = [Math.floor(first), Math.ceil(last)];
  const quiet = quietParts(columnContrasts(line));
  if (from >= to || quiet.subarray(from, to).includes(1)) return quiet;
  const ink = columnInk(line);
  const between = ink.subarray(from, to);
  const max = maxContrast(between);
  const min = between.reduce((a, b) => Math.min(a, b), 255);
  return min > max * maxNoise ? quiet : quietBelow(ink, min + (max - min) * minInk);
}

/** Share of the ink of the fullest column: a dot has little. */
const minInk = 0.1;

/** Where one word ends and the next one begins, in columns. */
function gapBetween(quiet: Uint8Array, last: number, next: number, isSpaced: boolean): Span {
  const middle = Math.round((last + next) / 2);
  // A space is the widest gap. Without one, the widest may be inside a character, such as 川 or 八.
  const rank = (gap: Span): number => (isSpaced ? gap.to - gap.from : -Math.max(0, gap.from - middle, middle - gap.to));
  const [first, ...others] = gapsWithin(quiet, Math.ceil(last), Math.floor(next));
  if (first === undefined) return { from: middle, to: middle };
  return others.reduce((best, gap) => (rank(gap) > rank(best) ? gap : best), first);
}

/** The column where the print begins that holds a letter with its middle in the column `middle`. */
function printStart(quiet: Uint8Array, middle: number, height: number): number {
  const from = Math.max(0, Math.floor(middle - height * maxHalfWidth));
  const inked = quiet.indexOf(0, from);
  const isClear = from === 0 || inked > from;
  if (isClear && inked >= 0 && inked <= middle) return inked;
  return Math.max(0, Math.round(middle - height * usualHalfWidth));
}

/** From a letter's middle to its side, in heights of the line: at most, and as the letters of most scripts have it. */
const maxHalfWidth = 1;
const usualHalfWidth = 0.3;

/** The rows that hold the print, with a margin. */
function printRows(line: Image): Span {
  const { height } = line;
  const quiet = quietParts(rowContrasts(line));
  const top = firstPrintedRow(quiet);
  const bottom = height - firstPrintedRow(quiet.toReversed());
  const margin = Math.round((bottom - top) * rowMargin);
  return { from: Math.max(0, top - margin), to: Math.min(height, bottom + margin) };
}

/** Letters need room above and below; the detector's boxes have more, those of tilted lines most. */
const rowMargin = 0.1;

/** The first row with print, but not one that the line above reaches into. */
function firstPrintedRow(quiet: Uint8Array): number {
  const first = quiet.indexOf(0);
  if (first !== 0) return Math.max(first, 0);
  const end = quiet.indexOf(1);
  if (end < 0 || end > quiet.length * maxStray) return 0;
  return Math.max(quiet.indexOf(0, end), 0);
}

/** Share of the height up to which print at the edge is taken for that of another line. */
const maxStray = 0.2;
