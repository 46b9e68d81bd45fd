import { convexHull } from './hull.js';
import type { Point, Quad } from './point.js';

export interface MinAreaRect {
  /** Float32 positions; upper and lower of the two left corners are first and last (`get_mini_boxes` of PaddleOCR). */
  readonly corners: Quad;
  /** Length of the shorter side; 0 for a point or a line. */
  readonly shortSide: number;
}

/**
 * The rectangle of least area around the points; undefined when they lie on a line. One of its sides lies on a side of
 * the convex hull, and all such rectangles are met by turning four lines around it (rotating calipers, Toussaint 1983).
 *
 * The steps and their float32 rounding are those of OpenCV's `minAreaRect` and `boxPoints`: PaddleOCR truncates and
 * rounds the corners to whole pixels afterwards, so that the last bit often decides.
 */
export function minAreaRect(points: readonly Point[]): MinAreaRect | undefined {
  const hull = convexHull(points);
  if (hull.length < 3) return undefined;
  const { center, width, height, angle } = asRotated(smallest(hull));
  return { corners: leftToRight(boxPoints(center, width, height, angle)), shortSide: Math.min(width, height) };
}

const f = Math.fround;

/** A rectangle around the hull: the direction of its width, its extents, and the hull points at their low ends. */
interface Candidate {
  readonly ux: number;
  readonly uy: number;
  readonly width: number;
  readonly height: number;
  readonly left: Point;
  readonly bottom: Point;
}

/** The last of the smallest rectangles, in the order in which the calipers meet them. */
function smallest(hull: readonly Point[]): Candidate {
  const at = (i: number): Point => hull[i % hull.length] ?? origin;
  const edge = (i: number): Point => [at(i + 1)[0] - at(i)[0], at(i + 1)[1] - at(i)[1]];
  // Where the four lines touch: least y, greatest x, greatest y, least x.
  const touching = [
    indexOfLeast(hull, ([, y]) => y),
    indexOfLeast(hull, ([x]) => -x),
    indexOfLeast(hull, ([, y]) => -y),
    indexOfLeast(hull, ([x]) => x),
  ];
  const touched = (line: number): number => touching[line] ?? 0;
  // Each step turns the four lines to the next side of the hull that one of them meets.
  const met = hull.map(() => {
    const edges = touching.map((vertex, line) => quarterTurns(edge(vertex), line));
    const line = edges.reduce((first, [x, y], i) => {
      const [fx, fy] = edges[first] ?? origin;
      return x * fy - y * fx > 0 ? i : first;
    }, 0);
    const [dx, dy] = edges[line] ?? origin;
    const inverseLength = f(1 / Math.sqrt(dx * dx + dy * dy));
    touching[line] = touched(line) + 1;
    const [bottom, right, top, left] = [at(touched(0)), at(touched(1)), at(touched(2)), at(touched(3))];
    return between(f(dx * inverseLength), f(dy * inverseLength), bottom, right, top, left);
  });
  return met.reduce((best, candidate) => (areaOf(candidate) <= areaOf(best) ? candidate : best));
}

const origin: Point = [0, 0];

function indexOfLeast(points: readonly Point[], measure: (point: Point) => number): number {
  const values = points.map(measure);
  return values.indexOf(Math.min(...values));
}

/** Turned counter-clockwise on the screen by so many quarters. */
function quarterTurns([x, y]: Point, quarters: number): Point {
  if (quarters === 0) return [x, y];
  if (quarters === 1) return [y, -x];
  return quarters === 2 ? [-x, -y] : [-y, x];
}

function between(ux: number, uy: number, bottom: Point, right: Point, top: Point, left: Point): Candidate {
  const width = f(f((right[0] - left[0]) * ux) + f((right[1] - left[1]) * uy));
  const height = f(f(-(top[0] - bottom[0]) * uy) + f((top[1] - bottom[1]) * ux));
  return { ux, uy, width, height, left, bottom };
}

function areaOf({ width, height }: Candidate): number {
  return f(width * height);
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
    // 180 is an integer in the original, so that the product is a float and the quotient a double.
    angle: f(f(f(Math.atan2(wy, wx)) * 180) / Math.PI),
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
