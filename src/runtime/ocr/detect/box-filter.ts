import { distance, type Point, type Quad } from '../../geometry/point.js';
import { orderQuad } from '../../geometry/quad-order.js';
import type { Size } from '../../image/image.js';

/** Orders each box's corners, clips them to the picture and drops tiny boxes: `filter_tag_det_res` of PaddleOCR. */
export function filterBoxes(boxes: readonly Quad[], { width, height }: Size): Quad[] {
  const clip = ([x, y]: Point): Point => [clamp(x, width), clamp(y, height)];
  return boxes
    .map((box): Quad => {
      const [a, b, c, d] = orderQuad(box);
      return [clip(a), clip(b), clip(c), clip(d)];
    })
    .filter(([a, b, , d]) => Math.floor(distance(a, b)) > minSide && Math.floor(distance(a, d)) > minSide);
}

/** Boxes with a side of so many pixels or fewer are dropped. */
const minSide = 3;

function clamp(value: number, length: number): number {
  return Math.trunc(Math.min(Math.max(value, 0), length - 1));
}
