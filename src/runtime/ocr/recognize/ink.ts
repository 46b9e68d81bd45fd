import type { Image } from '../../image/image.js';

/** A run of columns or of rows. */
export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** The difference between the brightest and the darkest green of each column: the print has a large one. */
export function columnContrasts({ width, data }: Image): Uint8Array {
  return Uint8Array.from({ length: width }, (_, x) => contrast(data, x * 3 + 1, data.length, width * 3));
}

/** The same for the rows. */
export function rowContrasts({ width, height, data }: Image): Uint8Array {
  return Uint8Array.from({ length: height }, (_, y) => contrast(data, y * width * 3 + 1, (y + 1) * width * 3, 3));
}

/** How far each column is from the line's most common green, on the average of its rows. */
export function columnInk({ width, height, data }: Image): Uint8Array {
  const counts = new Uint32Array(256);
  for (let at = 1; at < data.length; at += 3) counts[data[at] ?? 0] = (counts[data[at] ?? 0] ?? 0) + 1;
  const paper = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
  return Uint8Array.from({ length: width }, (_, x) => {
    let sum = 0;
    for (let at = x * 3 + 1; at < data.length; at += width * 3) sum += Math.abs((data[at] ?? 0) - paper);
    return sum / height;
  });
}

/** 1 where a contrast is so small that there is no stroke. */
export function quietBelow(contrasts: Uint8Array, limit: number): Uint8Array {
  return contrasts.map((value) => (value <= limit ? 1 : 0));
}

export function maxContrast(contrasts: Uint8Array): number {
  return contrasts.reduce((a, b) => Math.max(a, b), 0);
}

/** Share of the line's contrast up to which a column is quiet: JPEG's noise beside letters stays below it. */
export const quietShare = 0.2;

/** 1 where a column or row holds no stroke. Noise and texture are everywhere, so the least contrast counts as none. */
export function quietParts(contrasts: Uint8Array): Uint8Array {
  const max = maxContrast(contrasts);
  const min = contrasts.reduce((a, b) => Math.min(a, b), 255);
  // Something runs through the whole line, such as an underline: no gap can be seen.
  if (min > max * maxNoise) return new Uint8Array(contrasts.length);
  return quietBelow(contrasts, min + (max - min) * minStroke);
}

/** Shares of the print's contrast. A stroke is fainter at its edge: of 0.2, 0.3, 0.4 and 0.5 the boxes fit best at 0.3. */
const minStroke = 0.3;
export const maxNoise = 0.7;

/** The quiet runs that begin in the range; each ends with the range at the latest. */
export function gapsWithin(quiet: Uint8Array, from: number, to: number): Span[] {
  const gaps: Span[] = [];
  for (let start = from; start < to; start++) {
    if (quiet[start] !== 1) continue;
    let end = start;
    while (end < to && quiet[end] === 1) end++;
    gaps.push({ from: start, to: end });
    start = end;
  }
  return gaps;
}

function contrast(data: Uint8Array, start: number, end: number, stride: number): number {
  let min = 255;
  let max = 0;
  for (let at = start; at < end; at += stride) {
    min = Math.min(min, data[at] ?? 0);
    max = Math.max(max, data[at] ?? 0);
  }
  return Math.max(max - min, 0);
}
