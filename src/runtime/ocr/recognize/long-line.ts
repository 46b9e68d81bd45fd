import type { Image } from '../../image/image.js';
import type { ReadLine } from './line-reader.js';
import { columnContrasts, gapsWithin, maxContrast, quietBelow, quietShare, type Span } from './ink.js';
import type { Letter } from './words.js';

/** A piece of a text line. */
export interface Piece {
  readonly image: Image;
  /** Whether the gap before it is as wide as a space. */
  readonly spaced: boolean;
}

/**
 * A line in pieces of at most `fitting` pixels, cut in the middle of the widest gap in the last third of each; the line
 * alone when it is short enough. Squeezed into the width of a run instead, letters become too narrow to be read. A line
 * longer than `maxRuns` times `fitting` gets wider pieces, which are squeezed; so does one too low to hold letters.
 */
export function cutLine(line: Image, fitting: number): Piece[] {
  const widest = Math.max(fitting, Math.ceil(line.width / maxRuns), 1);
  if (line.width <= widest || line.height < lowest) return [{ image: line, spaced: false }];
  const contrasts = columnContrasts(line);
  const quiet = quietBelow(contrasts, maxContrast(contrasts) * quietShare);
  const pieces: Piece[] = [];
  let from = 0;
  let spaced = false;
  while (line.width - from > widest) {
    const gap = widestGap(quiet, from + Math.ceil((widest * 2) / 3), from + widest);
    const to = gap.from + Math.ceil((gap.to - gap.from) / 2);
    pieces.push({ image: columns(line, from, to), spaced });
    spaced = gap.to - gap.from >= line.height * spaceWidth;
    from = to;
  }
  return [...pieces, { image: columns(line, from, line.width), spaced }];
}

/** What the pieces of one line say together; the confidence is the mean over their letters. */
export function joinPieces(pieces: readonly Piece[], texts: readonly ReadLine[]): ReadLine {
  const [only] = texts;
  if (only !== undefined && texts.length === 1) return only;
  const letters = texts.reduce((sum, { text }) => sum + text.length, 0);
  const confidence = texts.reduce((sum, each) => sum + each.confidence * each.text.length, 0) / Math.max(letters, 1);
  const text = texts.map((each, i) => `${pieces[i]?.spaced === true ? ' ' : ''}${each.text}`).join('');
  const joined = { text: text.trim(), confidence };
  return texts.some(({ letters }) => letters !== undefined)
    ? { ...joined, letters: joinLetters(pieces, texts) }
    : joined;
}

/** The letters of all pieces, at their places in the whole line; a space at each cut that is one. */
function joinLetters(pieces: readonly Piece[], texts: readonly ReadLine[]): Letter[] {
  const total = pieces.reduce((sum, { image }) => sum + image.width, 0);
  let from = 0;
  return pieces.flatMap(({ image, spaced }, i) => {
    const start = from / total;
    from += image.width;
    const space = spaced ? [{ text: ' ', confidence: 1, at: start }] : [];
    const letters = texts[i]?.letters ?? [];
    return [...space, ...letters.map((letter) => ({ ...letter, at: start + (letter.at * image.width) / total }))];
  });
}

/**
 * Bounds what one line costs. With the usual rec_max_width, 6400 at a height of 48, it is a line 8,500 times as long as
 * high: print of more than ten thousand letters; longer is no line but a rule or an attack.
 */
const maxRuns = 64;

/** Pixels: a letter has four rows at least. A picture of one row and thousands of columns is no line of text. */
const lowest = 4;

/** Width of a gap to the line's height from which it is a space: in print a space is a quarter of the letters' size. */
const spaceWidth = 0.2;

/** The widest gap within the range, the first of equals; without one, the range's last column. */
function widestGap(quiet: Uint8Array, from: number, to: number): Span {
  const [first, ...others] = gapsWithin(quiet, from, to);
  if (first === undefined) return { from: to - 1, to };
  return others.reduce((best, gap) => (gap.to - gap.from > best.to - best.from ? gap : best), first);
}

export function columns({ width, height, data }: Image, from: number, to: number): Image {
  const part = new Uint8Array((to - from) * height * 3);
  for (let y = 0; y < height; y++) {
    part.set(data.subarray((y * width + from) * 3, (y * width + to) * 3), y * (to - from) * 3);
  }
  return { width: to - from, height, data: part };
}
