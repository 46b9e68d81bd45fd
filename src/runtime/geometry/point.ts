/** A position in pixels; y grows downwards. */
export type Point = readonly [x: number, y: number];

/** Four corners, clockwise on the screen from the top-left one, unless said otherwise. */
export type Quad = readonly [Point, Point, Point, Point];

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  // Not Math.hypot, which may answer 187.99999999999997 for 188: lengths are rounded down later.
  return Math.sqrt((ax - bx) ** 2 + (ay - by) ** 2);
}

/**
 * Corners in the order top-left, top-right, bottom-right, bottom-left: `order_points_clockwise` of PaddleOCR since June
 * 2022 (pull/6654). First is the smallest x + y, third the largest; of the other two, second is the smallest y - x.
 */
export function orderQuad(corners: Quad): Quad {
  const sums = corners.map(([x, y]) => x + y);
  const first = sums.indexOf(Math.min(...sums));
  const third = sums.indexOf(Math.max(...sums));
  const others = corners.filter((_, i) => i !== first && i !== third);
  const differences = others.map(([x, y]) => y - x);
  const pick = (difference: number): Point => others[differences.indexOf(difference)] ?? corners[0];
  return [
    corners[first] ?? corners[0],
    pick(Math.min(...differences)),
    corners[third] ?? corners[0],
    pick(Math.max(...differences)),
  ];
}
