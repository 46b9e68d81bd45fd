import type { Point, Quad } from '../../server/answer.js';

/** Where a line's text lies: its start at the lower left of the first letter, its size in pixels, its turn in degrees. */
export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly height: number;
  readonly degrees: number;
}

/** Height / width from which a line of several letters is written from top to bottom, as for the server's PDF files. */
const minTallAspect = 1.5;

/** The part of a letter's height that is below the baseline. */
const descent = 0.2;

export function textPlaceOf(region: Quad, text: string): TextPlace {
  const [top, , right, left] = inTextOrder(region, text);
  return {
    x: left[0] + (top[0] - left[0]) * descent,
    y: left[1] + (top[1] - left[1]) * descent,
    length: distance(left, right),
    height: distance(top, left),
    degrees: (Math.atan2(right[1] - left[1], right[0] - left[0]) * 180) / Math.PI,
  };
}

/** Corners so that the first is the upper left of the first letter. A tall line runs down, with its letters' feet to the left. */
function inTextOrder(region: Quad, text: string): Quad {
  const [a, b, c, d] = region;
  const isTall = Math.max(distance(a, d), distance(b, c)) >= minTallAspect * Math.max(distance(a, b), distance(c, d));
  return isTall && Array.from(text.trim()).length > 1 ? [b, c, d, a] : region;
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}
