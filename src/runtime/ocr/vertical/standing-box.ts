import type { Quad } from '../../geometry/point.js';
import { isTall, sizeOf } from '../crop-lines.js';

/**
 * The box of a line that runs from top to bottom, from its upper left corner on; undefined for other lines. The box of such a line
 * begins at its upper left corner on a page that was read as it is, and at the upper right one on a page that was turned.
 */
export function standingBox([a, b, c, d]: Quad): Quad | undefined {
  const box: Quad = isTall(sizeOf([a, b, c, d])) ? [a, b, c, d] : [d, a, b, c];
  const [upperLeft, , , lowerLeft] = box;
  const [right, down] = [lowerLeft[0] - upperLeft[0], lowerLeft[1] - upperLeft[1]];
  return isTall(sizeOf(box)) && down > Math.abs(right) ? box : undefined;
}
