import type { Image, Size } from '../../image/image.js';

/**
 * Whether a picture is a pattern and holds no text:
 *
 * - all its edges run in one direction, as those of stripes and gradients do;
 * - neighboring pixels are independent, as in noise;
 * - it repeats itself in two directions, as checks and bricks do.
 *
 * Letters have edges in several directions, and strokes of more than a pixel. A line of equal letters repeats itself in one
 * direction. Repetition is told of pictures up to `textureSide` squared; its time grows with the square of the pixels.
 */
export function isTexture(image: Image): boolean {
  const picture = { width: image.width, height: image.height, values: greenOf(image) };
  const spread = spreadOfEdges(picture);
  if (spread === undefined) return false;
  if (spread < maxSpread) return true;
  if (Math.max(correlation(picture, [1, 0]), correlation(picture, [0, 1])) < minSmooth) return true;
  return image.width * image.height <= textureSide ** 2 && repeats(picture);
}

/** Pixels. It shows three bricks of 28 px on each side. */
export const textureSide = 96;

interface Plane extends Size {
  readonly values: Float32Array;
}

type Shift = readonly [x: number, y: number];

/** Of 549 pictures of letters the least is 0.078, a lone I; stripes and gradients with steps have up to 0.05. */
const maxSpread = 0.05;

/** Correlation of neighbors. Letters of 10 px have 0.26 or more; noise in 9 x 14 px has up to 0.08. */
const minSmooth = 0.17;

/** Correlation from which a shifted picture equals itself. Letters reach 0.74 in two directions; bricks with noise 0.87. */
const minEqual = 0.85;

/** Correlation on the way to such a shift, below which the shift is no part of the same stroke. */
const maxBetween = 0.5;

/** Shares of the picture: the longest shift of a side, and the part that both have in common. */
const maxShift = 0.6;
const minShared = 0.3;

/** Sine of the angle between two directions. */
const minAngle = 0.5;

function greenOf({ data }: Image): Float32Array {
  return Float32Array.from({ length: data.length / 3 }, (_, at) => data[at * 3 + 1] ?? 0);
}

/**
 * How much of all contrast is across the main direction: 0 if all edges are parallel, 1 if no direction has more; undefined
 * without any contrast.
 */
function spreadOfEdges({ width, height, values }: Plane): number | undefined {
  let [across, down, both] = [0, 0, 0];
  for (let y = 0; y + 1 < height; y++) {
    for (let at = y * width; at + 1 < (y + 1) * width; at++) {
      const [a = 0, b = 0] = [values[at], values[at + 1]];
      const [c = 0, d = 0] = [values[at + width], values[at + width + 1]];
      const [x, z] = [b + d - a - c, c + d - a - b];
      across += x * x;
      down += z * z;
      both += x * z;
    }
  }
  const sum = across + down;
  const main = Math.hypot(across - down, 2 * both);
  return sum === 0 ? undefined : (sum - main) / (sum + main);
}

function repeats(picture: Plane): boolean {
  const seen = new Map<string, number>();
  const equality = ([x, y]: Shift): number => {
    const key = `${x},${y}`;
    const known = seen.get(key) ?? correlation(picture, [x, y]);
    seen.set(key, known);
    return known;
  };
  const [right, below] = [Math.floor(picture.width * maxShift), Math.floor(picture.height * maxShift)];
  const level = Array.from({ length: right }, (_, i): Shift => [i + 1, 0]);
  const upright = Array.from({ length: below }, (_, i): Shift => [0, i + 1]);
  // Most pictures of letters repeat themselves neither to the right nor downward, and need no further look.
  const first = [...level, ...upright].find((shift) => isPeriod(shift, equality));
  if (first === undefined) return false;
  for (let y = 0; y <= below; y++)
    for (let x = y === 0 ? 1 : -right; x <= right; x++)
      if (isAcross(first, [x, y]) && isWithin(picture, [x, y]) && isPeriod([x, y], equality)) return true;
  return false;
}

/** Whether the shifted picture equals itself or its negative, and does not in between. */
function isPeriod(shift: Shift, equality: (shift: Shift) => number): boolean {
  const value = equality(shift);
  if (Math.abs(value) < minEqual) return false;
  return value < 0 || between(shift).some((part) => equality(part) < maxBetween);
}

function between([x, y]: Shift): Shift[] {
  const steps = Math.max(Math.abs(x), y);
  return Array.from({ length: steps - 1 }, (_, i): Shift => [
    Math.round((x * (i + 1)) / steps),
    Math.round((y * (i + 1)) / steps),
  ]);
}

function isAcross(a: Shift, b: Shift): boolean {
  return Math.abs(a[0] * b[1] - a[1] * b[0]) >= minAngle * Math.hypot(...a) * Math.hypot(...b);
}

function isWithin({ width, height }: Size, [x, y]: Shift): boolean {
  return (width - Math.abs(x)) * (height - y) >= minShared * width * height;
}

/** Of a picture with itself, shifted by `x` and `y`, on the part that both have in common; 0 if one part is of one color. */
function correlation({ width, height, values }: Plane, [x, y]: Shift): number {
  let [count, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row + y < height; row++) {
    for (let column = Math.max(0, -x); column < Math.min(width, width - x); column++) {
      const one = values[row * width + column] ?? 0;
      const other = values[(row + y) * width + column + x] ?? 0;
      count++;
      a += one;
      b += other;
      aa += one * one;
      bb += other * other;
      ab += one * other;
    }
  }
  const [varianceA, varianceB] = [aa - (a * a) / count, bb - (b * b) / count];
  return Math.min(varianceA, varianceB) <= count ? 0 : (ab - (a * b) / count) / Math.sqrt(varianceA * varianceB);
}
