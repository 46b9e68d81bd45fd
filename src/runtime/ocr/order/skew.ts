import type { Point, Quad } from '../../geometry/point.js';

/**
 * The tilt of a page in radians, clockwise on the screen: the median of the directions of its lines, weighted by their
 * length. Only boxes that are clearly longer than thick count, vertical ones as well; 0 if there are none.
 */
export function skewOf(boxes: readonly Quad[]): number {
  const directions = boxes
    .map(directionOf)
    .filter(({ length, angle }) => length > 0 && Math.abs(angle) <= maxSkew)
    .toSorted((a, b) => a.angle - b.angle || a.length - b.length);
  const half = directions.reduce((sum, { length }) => sum + length, 0) / 2;
  let before = 0;
  return directions.find(({ length }) => (before += length) >= half)?.angle ?? 0;
}

/** Turns a point about the origin, against the tilt. */
export function undoSkew([x, y]: Point, skew: number): Point {
  const [cos, sin] = [Math.cos(skew), Math.sin(skew)];
  return [x * cos + y * sin, y * cos - x * sin];
}

/** Corners of the detector are in an order that allows 45 degrees. */
const maxSkew = (46 / 180) * Math.PI;

const minElongation = 2;

/** The direction of a box's long sides, where vertical ones count as upright lines. The length is 0 if it has no clear direction. */
function directionOf([topLeft, topRight, bottomRight, bottomLeft]: Quad): { angle: number; length: number } {
  const along = mean(minus(topRight, topLeft), minus(bottomRight, bottomLeft));
  const down = mean(minus(bottomLeft, topLeft), minus(bottomRight, topRight));
  const [width, height] = [Math.hypot(...along), Math.hypot(...down)];
  const [[x, y], long, short] =
    width >= height ? [along, width, height] : ([[down[1], -down[0]], height, width] as const);
  return { angle: Math.atan2(y, x), length: long > minElongation * short ? long : 0 };
}

function minus([ax, ay]: Point, [bx, by]: Point): Point {
  return [ax - bx, ay - by];
}

function mean([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}
