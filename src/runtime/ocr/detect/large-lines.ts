import { distance, type Point, type Quad } from '../../geometry/point.js';
import type { Size } from '../../image/image.js';
import { detectorScale, type SizeRule } from './resize-rule.js';

/** Whether a strip that is detected in slices, with a map of this size, may hold lines too large for them. */
export function mayHoldLargeLines(map: Size, image: Size, params: SizeRule): boolean {
  if (Math.min(map.width, map.height) < maxLineHeight) return false;
  return detectorScale(image, params) >= (minScale * map.width) / image.width;
}

/**
 * The boxes of the slices, with the large lines of a look at the whole strip instead of their parts. A large box is left
 * out if it holds several lines: shrunk so far, a paragraph of small print looks like one line.
 *
 * @param scale of the slices' map
 */
export function withLargeLines(boxes: readonly Quad[], whole: readonly Quad[], scale: number): Quad[] {
  const large = whole.filter((box) => heightOf(box) * scale > maxLineHeight && !holdsLines(box, boxes));
  return [...boxes.filter((box) => !large.some((line) => covers(line, box))), ...large];
}

/** Map pixels: the network sees the strokes of higher lines, and not the lines. */
const maxLineHeight = 150;

/** Scale of the whole strip / scale of its slices. Below, ordinary lines run together. */
const minScale = 1 / 6;

function holdsLines(large: Quad, boxes: readonly Quad[]): boolean {
  const height = heightOf(large);
  const isLine = (box: Quad): boolean => distance(box[0], box[1]) >= minLength * height && heightOf(box) * 2 < height;
  return boxes.filter((box) => isLine(box) && covers(large, box)).length >= minLines;
}

/** Length of a line in a paragraph / height of the paragraph. Strokes of a letter are shorter than it is high. */
const minLength = 1.2;
/** A line may be underlined. */
const minLines = 2;

/** The shorter side of a box. */
function heightOf([a, b, c]: Quad): number {
  return Math.min(distance(a, b), distance(b, c));
}

/** Whether the middle of a box lies in another box, or a corner of it if it is a stroke as high as half the other. */
function covers(large: Quad, other: Quad): boolean {
  const isHigh = distance(other[1], other[2]) * 2 > heightOf(large);
  return holdsMiddle(large, other) || (isHigh && other.some((corner) => isInside(corner, large)));
}

/** Whether the middle of another box lies in a box. */
export function holdsMiddle(box: Quad, other: Quad): boolean {
  const middle = (axis: 0 | 1): number => other.reduce((sum, corner) => sum + corner[axis], 0) / 4;
  return isInside([middle(0), middle(1)], box);
}

/** Corners are clockwise on the screen: a point inside lies to the right of each side. */
function isInside([x, y]: Point, quad: Quad): boolean {
  return quad.every(([ax, ay], i) => {
    const [bx, by] = quad[(i + 1) % 4] ?? [ax, ay];
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
  });
}
