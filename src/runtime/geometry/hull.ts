import type { Point } from './point.js';

/**
 * The convex hull without collinear points (monotone chain after Andrew, 1979), clockwise on the screen; one or two
 * points when flat. Where the hull visits the given points in their own cyclic order, or against it, it begins at the
 * first or the last of them, as OpenCV's `convexHull` does.
 */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = points
    .map((point, index): Vertex => ({ point, index }))
    .sort(({ point: [ax, ay] }, { point: [bx, by] }) => ax - bx || ay - by);
  const upper = halfHull(sorted);
  const lower = halfHull(sorted.toReversed());
  const hull = [...upper.slice(0, -1), ...lower.slice(0, -1)];
  return inGivenOrder(hull.length === 0 ? sorted.slice(0, 1) : hull).map(({ point }) => point);
}

interface Vertex {
  readonly point: Point;
  /** Place among the given points. */
  readonly index: number;
}

function halfHull(sorted: readonly Vertex[]): Vertex[] {
  const hull: Vertex[] = [];
  for (const vertex of sorted) {
    while (hull.length >= 2 && turn(hull.at(-2), hull.at(-1), vertex) <= 0) hull.pop();
    const previous = hull.at(-1)?.point;
    if (previous?.[0] !== vertex.point[0] || previous[1] !== vertex.point[1]) hull.push(vertex);
  }
  return hull;
}

/** Positive when the way from a over b to c turns clockwise on the screen. */
function turn(a: Vertex | undefined, b: Vertex | undefined, c: Vertex): number {
  if (a === undefined || b === undefined) return 1;
  const [ax, ay] = a.point;
  return (b.point[0] - ax) * (c.point[1] - ay) - (b.point[1] - ay) * (c.point[0] - ax);
}

function inGivenOrder(hull: readonly Vertex[]): readonly Vertex[] {
  const falls = hull.map(({ index }, i) => (hull.at(i - 1)?.index ?? index) > index);
  const count = falls.filter(Boolean).length;
  if (count === 1) return startingAt(hull, falls.indexOf(true));
  if (count === hull.length - 1) return startingAt(hull, falls.indexOf(false));
  return hull;
}

function startingAt<T>(cycle: readonly T[], start: number): T[] {
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}
