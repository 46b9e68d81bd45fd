import { distance, type Quad } from './point.js';

/** Height / width from which a line counts as written from top to bottom. */
export const minTallAspect = 1.5;

/** Whether a line in this region is written from top to bottom. */
export function isTallQuad([a, b, c, d]: Quad): boolean {
  const width = Math.max(distance(a, b), distance(c, d));
  return Math.max(distance(a, d), distance(b, c)) >= minTallAspect * width;
}
