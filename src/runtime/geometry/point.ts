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

/**
 * Corners clockwise from the one where the text begins. The longer side of a line is its direction of reading, up to
 * `maxTilt` degrees from level; a box that is steeper or nearly square is turned by as little as possible.
 *
 * Unlike in `orderQuad`, no corner is ever named twice and no sides cross, at any angle.
 */
export function orderByReading(corners: Quad): Quad {
  const clockwise = aroundCenter(corners);
  const starts = clockwise.map(
    (_, i) => [0, 1, 2, 3].map((step) => clockwise[(i + step) % 4] ?? corners[0]) as unknown as Quad,
  );
  const longest = Math.max(...starts.map(aspectOf));
  const along = starts.filter((quad) => longest >= minAspect && aspectOf(quad) === longest);
  const level = (quad: Quad): number => Math.abs(tiltOf(quad));
  const flattest = (quads: readonly Quad[]): Quad =>
    quads.reduce((best, quad) => (level(quad) < level(best) ? quad : best));
  const line = along.length > 0 ? flattest(along) : undefined;
  return line !== undefined && level(line) <= maxTilt ? line : flattest(starts);
}

/** Width / height from which a box has a direction of reading. */
const minAspect = 1.5;
/** Degrees. A steeper line is more often one from top to bottom than one that rises so far. */
const maxTilt = 75;

function aroundCenter(corners: Quad): readonly Point[] {
  const [x, y] = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / 4) as [
    number,
    number,
  ];
  const angle = ([px, py]: Point): number => Math.atan2(py - y, px - x);
  return corners.toSorted((a, b) => angle(a) - angle(b));
}

/** Width / height of a box whose first side is its upper one. */
function aspectOf([a, b, c, d]: Quad): number {
  return (distance(a, b) + distance(c, d)) / (distance(b, c) + distance(d, a));
}

/** Degrees of the upper side, -180 to 180. */
function tiltOf([[ax, ay], [bx, by], [cx, cy], [dx, dy]]: Quad): number {
  return (Math.atan2(by - ay + cy - dy, bx - ax + cx - dx) * 180) / Math.PI;
}
