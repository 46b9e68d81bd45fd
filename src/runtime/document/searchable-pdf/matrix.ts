import type { Point } from '../../geometry/point.js';
import type { Size } from '../../image/image.js';
import { num } from './pdf-writer.js';

/** x' = a x + c y + e; y' = b x + d y + f: the order of PDF's operator `cm`. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Left, bottom, right and top in units of a page. */
export type Box = readonly [left: number, bottom: number, right: number, top: number];

/**
 * From the pixels of a page as it was read to the units of the page in the file.
 *
 * @param turn degrees by which the page was turned clockwise from the file's units to the pixels: a multiple of 90
 */
export function pixelsToPage({ width, height }: Size, [left, bottom, right, top]: Box, turn: number): Matrix {
  const [w, h] = [right - left, top - bottom];
  switch (((turn % 360) + 360) % 360) {
    case 90:
      return [0, h / width, w / height, 0, left, bottom];
    case 180:
      return [-w / width, 0, 0, h / height, right, bottom];
    case 270:
      return [0, -h / width, -w / height, 0, right, top];
    default:
      return [w / width, 0, 0, -h / height, left, top];
  }
}

export function applyTo([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** A direction, which no offset moves. */
export function directionOf([a, b, c, d]: Matrix, [x, y]: Point): Point {
  return [a * x + c * y, b * x + d * y];
}

/** `first`, then `second`. */
export function combined(first: Matrix, second: Matrix): Matrix {
  const [a, b] = directionOf(second, [first[0], first[1]]);
  const [c, d] = directionOf(second, [first[2], first[3]]);
  const [e, f] = applyTo(second, [first[4], first[5]]);
  return [a, b, c, d, e, f];
}

export function writtenMatrix(matrix: Matrix): string {
  return matrix.map((value) => num(value, 5)).join(' ');
}
