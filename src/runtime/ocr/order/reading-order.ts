import type { Point, Quad } from '../../geometry/point.js';
import type { Block } from './block.js';
import { inOrder } from './directions.js';
import { skewOf, undoSkew } from './skew.js';

/**
 * Boxes in the order in which people read their lines: columns one after the other, tables row by row, columns of vertical text
 * from right to left. It does not depend on the order of the argument.
 */
export function readingOrder(boxes: readonly Quad[]): Quad[] {
  return inReadingOrder(boxes.map((box) => ({ text_region: box }))).map(({ text_region }) => text_region);
}

/** Lines in the order of `readingOrder`. The text tells a line of vertical text from a single tall letter. */
export function inReadingOrder<Line extends OrderedLine>(lines: readonly Line[]): Line[] {
  return orderOf(lines).flatMap((at) => lines[at] ?? []);
}

export interface OrderedLine {
  readonly text_region: Quad;
  readonly text?: string;
}

function orderOf(lines: readonly OrderedLine[]): number[] {
  const boxes = lines.map(({ text_region }) => fromTopLeft(text_region));
  const skew = skewOf(boxes);
  const blocks = boxes.map((box, i): Block => {
    const text = lines[i]?.text;
    return {
      ...uprightBounds(box, skew),
      letters: text === undefined ? undefined : Array.from(text).length,
      members: [i],
    };
  });
  return inOrder(blocks.toSorted(byPlace)).flatMap(({ members }) => members);
}

/** The corners of a line that is turned on its page begin elsewhere. A page may be tilted by 45 degrees. */
function fromTopLeft([a, b, c, d]: Quad): Quad {
  const degrees = (Math.atan2(b[1] - a[1] + c[1] - d[1], b[0] - a[0] + c[0] - d[0]) * 180) / Math.PI;
  if (Math.abs(degrees) < 60) return [a, b, c, d];
  if (Math.abs(degrees) > 135) return [c, d, a, b];
  return degrees > 0 ? [d, a, b, c] : [b, c, d, a];
}

/** The rectangle through the middles of the sides: what is left of a tilt makes a box neither wider nor higher. */
function uprightBounds(box: Quad, skew: number): Pick<Block, 'left' | 'right' | 'top' | 'bottom'> {
  const [a, b, c, d] = box.map((corner) => undoSkew(corner, skew)) as [Point, Point, Point, Point];
  const [xs, ys] = [
    [(a[0] + d[0]) / 2, (b[0] + c[0]) / 2],
    [(a[1] + b[1]) / 2, (c[1] + d[1]) / 2],
  ];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Makes the answer independent of the order given. */
function byPlace(a: Block, b: Block): number {
  return a.top - b.top || a.left - b.left || a.bottom - b.bottom || a.right - b.right;
}
