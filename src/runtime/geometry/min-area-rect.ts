import { convexHull } from './hull.js';
import type { Point, Quad } from './point.js';

export interface MinAreaRect {
  /** Float32 positions; upper and lower of the two left corners are first and last (`get_mini_boxes` of PaddleOCR). */
  readonly corners: Quad;
  /** Length of the shorter side; 0 for a point or a line. */
  readonly shortSide: number;
}

/**
 * The rectangle of least area around the points. One of its sides lies on a side of the convex hull (Freeman and
 * Shapira, 1975); hulls here have some dozens of points, so every side is tried against every point.
 *
 * The steps and their float32 rounding are those of OpenCV's `minAreaRect` and `boxPoints`, because PaddleOCR rounds
 * the corners to whole pixels afterwards and halves are frequent.
 */
export function minAreaRect(points: readonly Point[]): MinAreaRect | undefined {
  const hull = convexHull(points);
  if (hull.length < 3) return undefined;
  const rect = hull.map((from, i) => rectAlong(from, hull[(i + 1) % hull.length] ?? from, hull)).reduce(smaller);
  const { center, width, height, angle } = asRotated(rect);
  return { corners: leftToRight(boxPoints(center, width, height, angle)), shortSide: Math.min(width, height) };
}

const f = Math.fround;

/** A candidate: unit vector along the side, extents, and the hull points that touch the sides at their low ends. */
interface Candidate {
  readonly ux: number;
  readonly uy: number;
  readonly width: number;
  readonly height: number;
  readonly left: Point;
  readonly bottom: Point;
}

function rectAlong(from: Point, to: Point, hull: readonly Point[]): Candidate {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const inverseLength = f(1 / Math.sqrt(dx * dx + dy * dy));
  const [ux, uy] = toFirstQuadrant(f(dx * inverseLength), f(dy * inverseLength));
  const along = ([x, y]: Point): number => ux * x + uy * y;
  const across = ([x, y]: Point): number => ux * y - uy * x;
  const [left, right] = extremes(hull, from, along);
  const [bottom, top] = extremes(hull, from, across);
  const width = f(f(f(right[0] - left[0]) * ux) + f(f(right[1] - left[1]) * uy));
  const height = f(f(f(top[1] - bottom[1]) * ux) - f(f(top[0] - bottom[0]) * uy));
  return { ux, uy, width, height, left, bottom };
}

/** OpenCV measures the angle of the width from 0 (exclusive) to 90 degrees; a quarter turn is exact in floats. */
function toFirstQuadrant(x: number, y: number): readonly [number, number] {
  if (x >= 0 && y > 0) return [x, y];
  if (x < 0 && y >= 0) return [y, -x];
  if (x <= 0 && y < 0) return [-x, -y];
  return [-y, x];
}

function extremes(hull: readonly Point[], start: Point, measure: (point: Point) => number): [low: Point, high: Point] {
  let low = start;
  let high = start;
  for (const point of hull) {
    if (measure(point) < measure(low)) low = point;
    if (measure(point) > measure(high)) high = point;
  }
  return [low, high];
}

function smaller(a: Candidate, b: Candidate): Candidate {
  return f(b.width * b.height) <= f(a.width * a.height) ? b : a;
}

interface Rotated {
  readonly center: Point;
  readonly width: number;
  readonly height: number;
  /** Degrees. */
  readonly angle: number;
}

function asRotated({ ux, uy, width, height, left, bottom }: Candidate): Rotated {
  // The corner where the left and the bottom side meet, from their line equations.
  const c1 = f(f(ux * left[0]) + f(left[1] * uy));
  const c2 = f(f(-uy * bottom[0]) + f(bottom[1] * ux));
  const inverse = f(1 / f(f(ux * ux) + f(uy * uy)));
  const x = f(f(f(c1 * ux) - f(c2 * uy)) * inverse);
  const y = f(f(f(ux * c2) + f(uy * c1)) * inverse);
  const [wx, wy] = [f(ux * width), f(uy * width)];
  const [hx, hy] = [f(-uy * height), f(ux * height)];
  return {
    center: [f(x + f(f(wx + hx) * 0.5)), f(y + f(f(wy + hy) * 0.5))],
    width: f(Math.sqrt(wx * wx + wy * wy)),
    height: f(Math.sqrt(hx * hx + hy * hy)),
    angle: f((f(Math.atan2(wy, wx)) * 180) / Math.PI),
  };
}

function boxPoints([cx, cy]: Point, width: number, height: number, angle: number): Quad {
  const radians = (angle * Math.PI) / 180;
  const b = f(f(Math.cos(radians)) * 0.5);
  const a = f(f(Math.sin(radians)) * 0.5);
  const p0: Point = [f(f(cx - f(a * height)) - f(b * width)), f(f(cy + f(b * height)) - f(a * width))];
  const p1: Point = [f(f(cx + f(a * height)) - f(b * width)), f(f(cy - f(b * height)) - f(a * width))];
  const opposite = ([x, y]: Point): Point => [f(f(2 * cx) - x), f(f(2 * cy) - y)];
  return [p0, p1, opposite(p0), opposite(p1)];
}

function leftToRight(corners: Quad): Quad {
  const [a, b, c, d] = corners.toSorted((p, q) => p[0] - q[0]) as [Point, Point, Point, Point];
  const [topLeft, bottomLeft] = b[1] > a[1] ? [a, b] : [b, a];
  const [topRight, bottomRight] = d[1] > c[1] ? [c, d] : [d, c];
  return [topLeft, topRight, bottomRight, bottomLeft];
}
