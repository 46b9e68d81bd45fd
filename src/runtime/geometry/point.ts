/** A position in pixels; y grows downwards. */
export type Point = readonly [x: number, y: number];

/** Four corners, clockwise on the screen from the top-left one, unless said otherwise. */
export type Quad = readonly [Point, Point, Point, Point];

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
