import { distance, type Point, type Quad } from '../geometry/point.js';
import type { Size } from '../image/image.js';
import { toQuadrangle } from '../image/warp.js';
import { isTall, sizeOf } from './crop-lines.js';

/** How a line was cut out of its picture. */
export interface CutLine {
  /** The line's region in the picture. */
  readonly box: Quad;
  /** The line's own picture, as it was read. */
  readonly size: Size;
  /** Whether it was turned by 180 degrees before it was read. */
  readonly isUpsideDown: boolean;
}

/**
 * A region of a line's own picture in the picture from which the line was cut out: the inverse of `cropLine`, and of the
 * half turn of a line that is upside down. The corners are whole pixels inside the line's box, in the order of its corners.
 */
export function regionInPicture([a, b, c, d]: Quad, { box, size, isUpsideDown }: CutLine): Quad {
  const quarters = (isUpsideDown ? 2 : 0) + (isTall(sizeOf(box)) ? 1 : 0);
  const place = fromUnitSquare(box);
  const inPicture = ([x, y]: Point): Point =>
    pixelWithin(box, place(turnedBack([x / size.width, y / size.height], quarters)));
  // The corner that is first in the line's own picture may be another one in the box.
  return lastFirst([inPicture(a), inPicture(b), inPicture(c), inPicture(d)], quarters);
}

/** Moves the last corner to the front that many times. */
function lastFirst([a, b, c, d]: Quad, times: number): Quad {
  return times === 0 ? [a, b, c, d] : lastFirst([d, a, b, c], times - 1);
}

/** A place in the unit square after that many quarter turns clockwise. */
function turnedBack([u, v]: Point, quarters: number): Point {
  return quarters === 0 ? [u, v] : turnedBack([1 - v, u], quarters - 1);
}

function fromUnitSquare(box: Quad): (place: Point) => Point {
  const [a, b, c, d, e, f, g, h] = toQuadrangle(box, 1, 1);
  return ([u, v]) => {
    const scale = 1 / (g * u + h * v + 1);
    return [(a * u + b * v + c) * scale, (d * u + e * v + f) * scale];
  };
}

/** The whole pixel inside the box that is nearest to a point; a corner of the box where none is near. */
function pixelWithin(box: Quad, [x, y]: Point): Point {
  const [left, top] = [Math.round(x), Math.round(y)];
  const offsets = Array.from({ length: 2 * maxShift + 1 }, (_, i) => i - maxShift);
  const near = offsets.flatMap((dy) => offsets.map((dx): Point => [left + dx, top + dy]));
  const within = [...near.filter((point) => isWithin(box, point)), ...box];
  return within.reduce((best, point) => (distance(point, [x, y]) < distance(best, [x, y]) ? point : best));
}

/** Pixels by which a corner may be moved in each direction to be inside the box. */
const maxShift = 2;

/** Whether a point is in a convex polygon or on its edge. */
function isWithin(box: Quad, [x, y]: Point): boolean {
  const sides = box.map(([x0, y0], i) => {
    const [x1, y1] = box[(i + 1) % box.length] ?? [x0, y0];
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}
