import type { Image, Size } from './image.js';

/** The picture at another size, bilinear, equal to OpenCV's `resize` with INTER_LINEAR to the last bit. */
export function resize(image: Image, width: number, height: number): Image {
  const data = new Uint8Array(width * height * 3);
  eachResizedRow(image, width, height, (row, y) => blendRow(row, data.subarray(y * width * 3, (y + 1) * width * 3)));
  return { width, height, data };
}

/**
 * A row of the new picture as two rows at the new width that are still to be blended. The callback
 * blends each value (`blend`) in the loop that writes it, which saves a pass over the pixels. Valid during the call only.
 */
export interface RowPair {
  readonly upper: Int32Array;
  readonly lower: Int32Array;
  readonly upperWeight: number;
  readonly lowerWeight: number;
}

/**
 * Resizes row by row, so that a consumer can normalize each row while it is in the cache.
 *
 * The arithmetic is that of OpenCV for 8-bit pictures: half-pixel centers, no smoothing when shrinking, weights of 11
 * bits; shrinking to exactly a half averages 2 x 2 pixels.
 */
export function eachResizedRow(
  image: Image,
  width: number,
  height: number,
  use: (row: RowPair, y: number) => void,
): void {
  if (image.width === 2 * width && image.height === 2 * height) eachHalvedRow(image, use);
  else eachInterpolatedRow(image, { width, height }, { x: 0, y: 0, width, height }, use);
}

/** One value of a `RowPair`. */
export function blend(upper: number, upperWeight: number, lower: number, lowerWeight: number): number {
  return ((Math.imul(upper, upperWeight) >> 16) + (Math.imul(lower, lowerWeight) >> 16) + 2) >> 2;
}

export function blendRow({ upper, lower, upperWeight, lowerWeight }: RowPair, into: Uint8Array): void {
  for (let i = 0; i < into.length; i++) into[i] = blend(upper[i] ?? 0, upperWeight, lower[i] ?? 0, lowerWeight);
}

/** Whole pixels of a picture: `x` to `x + width`, `y` to `y + height`. */
export interface Region extends Size {
  readonly x: number;
  readonly y: number;
}

function eachHalvedRow(image: Image, use: (row: RowPair, y: number) => void): void {
  const { data } = image;
  const stride = image.width * 3;
  const upper = new Int32Array(stride / 2);
  const lower = new Int32Array(stride / 2);
  for (let y = 0; y < image.height / 2; y++) {
    for (let to = 0, at = 2 * y * stride; to < upper.length; at += 3) {
      for (const end = at + 3; at < end; at++, to++) {
        upper[to] = (data[at] ?? 0) + (data[at + 3] ?? 0);
        lower[to] = (data[at + stride] ?? 0) + (data[at + stride + 3] ?? 0);
      }
    }
    use({ upper, lower, upperWeight: whole, lowerWeight: whole }, y);
  }
}

/** The weight of a row that is added as it is. */
const whole = 1 << 16;

/**
 * The rows of one region of the picture resized to `size`, without the exception for a half. It costs
 * only the work for the region, so that a long picture can be resized piece by piece.
 */
export function eachInterpolatedRow(
  image: Image,
  size: Size,
  { x, y: top, width, height }: Region,
  use: (row: RowPair, y: number) => void,
): void {
  const columns = horizontalTaps(image.width, size.width, x, width);
  const rows = verticalTaps(image.height, size.height, top, height);
  let upper = new Int32Array(width * 3);
  let lower = new Int32Array(width * 3);
  let upperIndex = -1;
  let lowerIndex = -1;
  for (let y = 0; y < height; y++) {
    const first = rows.first[y] ?? 0;
    const second = rows.second[y] ?? 0;
    if (first === lowerIndex) {
      [upper, lower] = [lower, upper];
      [upperIndex, lowerIndex] = [lowerIndex, upperIndex];
    }
    if (first !== upperIndex) interpolateColumns(image, first, columns, upper);
    if (second !== lowerIndex) interpolateColumns(image, second, columns, lower);
    upperIndex = first;
    lowerIndex = second;
    use({ upper, lower, upperWeight: rows.firstWeight[y] ?? 0, lowerWeight: rows.secondWeight[y] ?? 0 }, y);
  }
}

/** One source row at the new width; a value is 255 * 2048 / 16 at most. */
function interpolateColumns(image: Image, y: number, taps: Taps, into: Int32Array): void {
  const { data } = image;
  const { first, second, firstWeight, secondWeight } = taps;
  const base = y * image.width * 3;
  const width = first.length;
  for (let x = 0, to = 0; x < width; x++, to += 3) {
    const a = base + (first[x] ?? 0) * 3;
    const b = base + (second[x] ?? 0) * 3;
    const wa = firstWeight[x] ?? 0;
    const wb = secondWeight[x] ?? 0;
    into[to] = (Math.imul(data[a] ?? 0, wa) + Math.imul(data[b] ?? 0, wb)) >> 4;
    into[to + 1] = (Math.imul(data[a + 1] ?? 0, wa) + Math.imul(data[b + 1] ?? 0, wb)) >> 4;
    into[to + 2] = (Math.imul(data[a + 2] ?? 0, wa) + Math.imul(data[b + 2] ?? 0, wb)) >> 4;
  }
}

/**
 * For each target position, from the first of the region on, the two source positions and their weights, which add up to
 * 2048.
 */
interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstWeight: Int32Array;
  readonly secondWeight: Int32Array;
}

/** 11 bits of weight, as OpenCV's INTER_RESIZE_COEF_BITS. */
const weightScale = 2048;

/** Beyond the left and right edge OpenCV takes the edge pixel alone. */
function horizontalTaps(source: number, target: number, from: number, count: number): Taps {
  const taps = emptyTaps(count);
  for (let i = 0; i < count; i++) {
    const { index, fraction } = sourcePosition(from + i, source, target);
    const inside = index >= 0 && index < source - 1;
    const first = Math.min(Math.max(index, 0), source - 1);
    setTap(taps, i, first, Math.min(first + 1, source - 1), inside ? fraction : 0);
  }
  return taps;
}

/** Beyond the upper and lower edge OpenCV keeps the weights and repeats the edge row. */
function verticalTaps(source: number, target: number, from: number, count: number): Taps {
  const taps = emptyTaps(count);
  for (let i = 0; i < count; i++) {
    const { index, fraction } = sourcePosition(from + i, source, target);
    const clamp = (row: number): number => Math.min(Math.max(row, 0), source - 1);
    setTap(taps, i, clamp(index), clamp(index + 1), fraction);
  }
  return taps;
}

function sourcePosition(i: number, source: number, target: number): { index: number; fraction: number } {
  const position = Math.fround((i + 0.5) * (1 / (target / source)) - 0.5);
  const index = Math.floor(position);
  return { index, fraction: Math.fround(position - index) };
}

function emptyTaps(length: number): Taps {
  return {
    first: new Int32Array(length),
    second: new Int32Array(length),
    firstWeight: new Int32Array(length),
    secondWeight: new Int32Array(length),
  };
}

function setTap(taps: Taps, i: number, first: number, second: number, fraction: number): void {
  taps.first[i] = first;
  taps.second[i] = second;
  taps.firstWeight[i] = roundHalfEven(Math.fround(1 - fraction) * weightScale);
  taps.secondWeight[i] = roundHalfEven(fraction * weightScale);
}

/** Rounds as the processor and numpy do: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
