import type { Image } from '../../image/image.js';
import type { RecognizedText } from './ctc.js';

/** A piece of a text line. */
export interface Piece {
  readonly image: Image;
  /** Whether the gap before it is as wide as a space. */
  readonly spaced: boolean;
}

/**
 * A line in pieces of at most `fitting` pixels, cut in the middle of the widest gap in the last third of each; the line
 * alone when it is short enough. Squeezed into the width of a run instead, letters become too narrow to be read. A line
 * longer than `mostRuns` times `fitting` gets wider pieces, which are squeezed; so does one too low to hold letters.
 */
export function cutLine(line: Image, fitting: number): Piece[] {
  const widest = Math.max(fitting, Math.ceil(line.width / mostRuns), 1);
  if (line.width <= widest || line.height < lowest) return [{ image: line, spaced: false }];
  const quiet = quietColumns(line);
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
export function joinPieces(pieces: readonly Piece[], texts: readonly RecognizedText[]): RecognizedText {
  const [only] = texts;
  if (only !== undefined && texts.length === 1) return only;
  const letters = texts.reduce((sum, { text }) => sum + text.length, 0);
  const confidence = texts.reduce((sum, each) => sum + each.confidence * each.text.length, 0) / Math.max(letters, 1);
  const text = texts.map((each, i) => `${pieces[i]?.spaced === true ? ' ' : ''}${each.text}`).join('');
  return { text: text.trim(), confidence };
}

/**
 * Bounds what one line costs. With the usual rec_max_width, 6400 at a height of 48, it is a line 8,500 times as long as
 * high: print of more than ten thousand letters; longer is no line but a rule or an attack.
 */
const mostRuns = 64;

/** Pixels: a letter has four rows at least. A picture of one row and thousands of columns is no line of text. */
const lowest = 4;

/** Width of a gap to the line's height from which it is a space: in print a space is a quarter of the letters' size. */
const spaceWidth = 0.2;

interface Gap {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** The widest run of quiet columns within the range; without one, the range's last column. */
function widestGap(quiet: Uint8Array, from: number, to: number): Gap {
  let best: Gap = { from: to - 1, to };
  let found = false;
  for (let start = from; start < to; start++) {
    if (quiet[start] !== 1) continue;
    let end = start;
    while (end < to && quiet[end] === 1) end++;
    if (!found || end - start > best.to - best.from) best = { from: start, to: end };
    found = true;
    start = end;
  }
  return best;
}

/** 1 where a column holds no stroke: its brightest and darkest green differ by little of what they do in the line. */
function quietColumns({ width, data }: Image): Uint8Array {
  const contrast = Uint8Array.from({ length: width }, (_, x) => {
    let least = 255;
    let most = 0;
    for (let at = x * 3 + 1; at < data.length; at += width * 3) {
      least = Math.min(least, data[at] ?? 0);
      most = Math.max(most, data[at] ?? 0);
    }
    return most - least;
  });
  const full = contrast.reduce((a, b) => Math.max(a, b), 0);
  return contrast.map((value) => (value <= full * quietShare ? 1 : 0));
}

/** Share of the line's contrast up to which a column is quiet: JPEG's noise beside letters stays below it. */
const quietShare = 0.2;

function columns({ width, height, data }: Image, from: number, to: number): Image {
  const part = new Uint8Array((to - from) * height * 3);
  for (let y = 0; y < height; y++) {
    part.set(data.subarray((y * width + from) * 3, (y * width + to) * 3), y * (to - from) * 3);
  }
  return { width: to - from, height, data: part };
}
