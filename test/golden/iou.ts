import type { Point, Quad } from '../../src/runtime/geometry/point.js';

/** Mean intersection over union of the boxes with equal indices; 1 for two empty lists. */
export function meanIou(boxes: readonly Quad[], others: readonly Quad[]): number {
  if (boxes.length === 0) return others.length === 0 ? 1 : 0;
  return boxes.reduce((sum, box, i) => sum + iou(box, others[i]), 0) / boxes.length;
}

export function iou(a: Quad, b: Quad | undefined): number {
  if (b === undefined) return 0;
  // Boxes with two equal corners have almost no area, so that equal boxes need their own case.
  if (JSON.stringify(a) === JSON.stringify(b)) return 1;
  const common = area(clip(a, b));
  const union = area(a) + area(b) - common;
  return union === 0 ? 1 : common / union;
}

function area(polygon: readonly Point[]): number {
  const twice = polygon.reduce((sum, [x, y], i) => {
    const [px, py] = polygon.at(i - 1) ?? [x, y];
    return sum + px * y - x * py;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Sutherland and Hodgman, 1974. Both polygons are convex and clockwise on the screen. */
function clip(subject: readonly Point[], window: Quad): readonly Point[] {
  return window.reduce<readonly Point[]>((polygon, to, i) => {
    const from = window.at(i - 1) ?? to;
    const side = ([x, y]: Point): number => (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
    return polygon.flatMap((point, j): Point[] => {
      const previous = polygon.at(j - 1) ?? point;
      const [here, before] = [side(point), side(previous)];
      const crossing = (): Point => {
        const t = before / (before - here);
        return [previous[0] + t * (point[0] - previous[0]), previous[1] + t * (point[1] - previous[1])];
      };
      if (here >= 0) return before < 0 ? [crossing(), point] : [point];
      return before >= 0 ? [crossing()] : [];
    });
  }, subject);
}
