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
  const isGuess = (box: Quad): boolean => heightOf(box) * scale > maxLineHeight;
  const isReplaced = (box: Quad): boolean =>
    large.some((line) => covers(line, box) || (isGuess(box) && line.some((corner) => isInside(corner, box))));
  return [...boxes.filter((box) => !isReplaced(box)), ...large];
}

/** Map pixels: the network sees the strokes of higher lines, and not the lines. A higher box of a slice ends anywhere. */
const maxLineHeight = 150;

/** Scale of the whole strip / scale of its slices. Below, ordinary lines run together. */
const minScale = 1 / 6;

function holdsLines(large: Quad, boxes: readonly Quad[]): boolean {
  const height = heightOf(large);
  const inner = boxes.filter((box) => heightOf(box) * 2 < height && holdsMiddle(large, box));
  const long = inner.filter((box) => distance(box[0], box[1]) >= minLength * height);
  return long.length >= minLines || areAlike(inner);
}

/**
 * Whether boxes are the cells of a table or the words of small print: most of them are longer than high, and about equally
 * high. The strokes of a large letter go both ways.
 */
function areAlike(boxes: readonly Quad[]): boolean {
  if (boxes.length < minAlike) return false;
  const heights = boxes.map(heightOf).sort((a, b) => a - b);
  const middle = heights[Math.floor(heights.length / 2)] ?? 0;
  const isAlike = (box: Quad): boolean => {
    const height = distance(box[1], box[2]);
    return height * 1.5 <= distance(box[0], box[1]) && height <= middle * 1.5 && height * 1.5 >= middle;
  };
  return boxes.filter(isAlike).length >= boxes.length * alikeShare;
}

/** Fewer boxes may be strokes that happen to be alike: a letter has up to a dozen in two directions. */
const minAlike = 8;
const alikeShare = 0.7;

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
