import type { Image } from '../../image/image.js';

/** How far each pixel is from the ground: 0 is ground, 1 is a stroke. */
export interface InkMap {
  readonly width: number;
  readonly height: number;
  /** `width * height` values. */
  readonly ink: Float32Array;
}

/** The ink of a picture whose edges are mostly ground. Segments that are off are fainter than those that are on, and have none. */
export function inkMapOf({ width, height, data }: Image): InkMap {
  const [red = 0, green = 0, blue = 0] = groundOf({ width, height, data });
  const distances = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < distances.length; at++, from += 3) {
    distances[at] = Math.max(
      Math.abs((data[from] ?? 0) - red),
      Math.abs((data[from + 1] ?? 0) - green),
      Math.abs((data[from + 2] ?? 0) - blue),
    );
  }
  const strongest = quantile(distances, fullInk);
  const shares = Float32Array.from({ length: 256 }, (_, value) =>
    Math.min(Math.max((value / strongest - faint) / (full - faint), 0), 1),
  );
  const ink = new Float32Array(distances.length);
  for (let at = 0; at < ink.length; at++) ink[at] = shares[distances[at] ?? 0] ?? 0;
  return { width, height, ink };
}

/** The map with leaning strokes upright: the lower row stays, the upper one moves to the left by `slant` times the height. */
export function straightened({ width, height, ink }: InkMap, slant: number): InkMap {
  const straight = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const shift = slant * (height - 1 - y);
    const whole = Math.floor(shift);
    const part = shift - whole;
    for (let x = 0; x < width; x++) {
      const from = x + whole;
      const near = from < width ? (ink[y * width + from] ?? 0) : 0;
      const next = from + 1 < width ? (ink[y * width + from + 1] ?? 0) : 0;
      straight[y * width + x] = near * (1 - part) + next * part;
    }
  }
  return { width, height, ink: straight };
}

/** Rows and columns; the ends are exclusive. */
export interface Part {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * The slant at which the ink of a row of digits stands in few columns that are full. Upper and lower segments also count apart:
 * in a 5 and in a 2 they stand on opposite sides, and would be in line if the digit leaned more or less.
 */
export function slantOf(map: InkMap, part: Part): number {
  const row = (share: number): number => Math.round(part.top + (part.bottom - part.top) * share);
  const upper = { ...part, top: row(0.12), bottom: row(0.43) };
  const lower = { ...part, top: row(0.57), bottom: row(0.88) };
  const score = (slant: number): number => {
    const sums = leaningSums(map, part, slant);
    const halves = [upper, lower].map((half) => sharpness(leaningSums(map, half, slant)));
    const enough = (part.bottom - part.top) * minColumn;
    const columns = sums.reduce((count, sum) => count + Math.min(sum / enough, 1), 0);
    return halves.reduce((sum, half) => sum + 2 * half, sharpness(sums)) / columns;
  };
  const best = (slants: readonly number[]): number => {
    const scores = slants.map(score);
    return slants[scores.indexOf(Math.max(...scores))] ?? 0;
  };
  const coarse = best(range(0, maxSlant, coarseStep));
  return best(range(Math.max(coarse - coarseStep, 0), coarse + coarseStep, fineStep));
}

function sharpness(sums: Float32Array): number {
  return sums.reduce((total, sum) => total + sum * sum, 0);
}

/** The ink of each column of a part if strokes that lean by `slant` are put upright. */
function leaningSums({ width, ink }: InkMap, { top, bottom, left, right }: Part, slant: number): Float32Array {
  const sums = new Float32Array(right - left + bottom - top + 1);
  for (let y = top; y < bottom; y++) {
    const shift = slant * (y - top);
    const whole = Math.floor(shift);
    const share = shift - whole;
    for (let x = left; x < right; x++) {
      const value = ink[y * width + x] ?? 0;
      const at = x - left + whole;
      sums[at] = (sums[at] ?? 0) + value * (1 - share);
      sums[at + 1] = (sums[at + 1] ?? 0) + value * share;
    }
  }
  return sums;
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
}

/** The ink of each column in the rows from `top` to `bottom`, in pixels. */
export function columnSums({ width, ink }: InkMap, top: number, bottom: number): Float32Array {
  const sums = new Float32Array(width);
  for (let y = top; y < bottom; y++)
    for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + (ink[y * width + x] ?? 0);
  return sums;
}

/** The ink of each row in the columns from `left` to `right`, in pixels. */
export function rowSums({ width, height, ink }: InkMap, left: number, right: number): Float32Array {
  return Float32Array.from({ length: height }, (_, y) =>
    ink.subarray(y * width + left, y * width + right).reduce((sum, value) => sum + value, 0),
  );
}

/** The median of each channel along the upper and the lower edge. */
function groundOf({ width, height, data }: Image): number[] {
  return [0, 1, 2].map((channel) => {
    const values = Array.from({ length: width * 2 }, (_, i) => {
      const at = i < width ? i : (height - 2) * width + i;
      return data[at * 3 + channel] ?? 0;
    });
    return values.toSorted((a, b) => a - b)[width] ?? 0;
  });
}

function quantile(values: Uint8Array, share: number): number {
  const counts = new Uint32Array(256);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  let below = 0;
  const found = counts.findIndex((count) => (below += count) >= values.length * share);
  return Math.max(found, 1);
}

/** Share of the pixels that are fainter than a full stroke: the strokes of two digits and more fill a twentieth. */
const fullInk = 0.98;
/** Shares of a full stroke: what is below is ground, what is above is a stroke. */
const faint = 0.3;
const full = 0.7;
/** Share of the rows from which a column counts as one with ink; less counts in part. */
const minColumn = 0.05;
/** Columns per row. Displays lean by up to 12 degrees. */
const maxSlant = 0.24;
const coarseStep = 0.04;
const fineStep = 0.01;
