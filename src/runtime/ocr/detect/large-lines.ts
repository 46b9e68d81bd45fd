import { distance, type Quad } from '../../geometry/point.js';

/** Map pixels: the network sees the strokes of higher lines, and not the lines. */
export const maxLineHeight = 150;

/** The shorter side of a box. */
export function heightOf([a, b, c]: Quad): number {
  return Math.min(distance(a, b), distance(b, c));
}

/** Whether the middle of a box lies in another box. */
export function covers(large: Quad, other: Quad): boolean {
  const center = (axis: 0 | 1): number => other.reduce((sum, corner) => sum + corner[axis], 0) / 4;
  const [x, y] = [center(0), center(1)];
  // Corners are clockwise on the screen: a point inside lies to the right of each side.
  return large.every(([ax, ay], i) => {
    const [bx, by] = large[(i + 1) % 4] ?? [ax, ay];
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
  });
}
