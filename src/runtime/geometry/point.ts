/** A position in pixels; y grows downwards. */
export type Point = readonly [x: number, y: number];

/** Four corners, clockwise on the screen from the top-left one, unless said otherwise. */
export type Quad = readonly [Point, Point, Point, Point];

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  // Not Math.hypot, which may answer 187.99999999999997 for 188: lengths are rounded down later.
  return Math.sqrt((ax - bx) ** 2 + (ay - by) ** 2);
}
