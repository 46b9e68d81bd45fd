import type { Point } from '../../../geometry/point.js';

/** Left, top, right and bottom of a region. */
export function boundsOf(region: readonly Point[]): [left: number, top: number, right: number, bottom: number] {
  const xs = region.map(([x]) => x);
  const ys = region.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
