import type { Point, Quad } from '../../geometry/point.js';
import { median } from './block.js';

/**
 * The tilt of a page in radians, clockwise on the screen: the median of the directions of its lines, weighted by their
 * length. Only boxes that are clearly longer than thick count, vertical ones as well; 0 if there are none.
 *
 * Short boxes tell their direction badly: many of a tilted page lie straight. What they leave open is decided by the rows in which
 * boxes stand.
 */
export function skewOf(boxes: readonly Quad[]): number {
  const directions = boxes
    .map(directionOf)
    .filter(({ length, angle }) => length > 0 && Math.abs(angle) <= maxSkew)
    .map(({ angle, length, thickness }) => ({ angle, length, thickness, weight: length }));
  const skew = weightedMedian(directions, ({ angle }) => angle);
  const spread = weightedMedian(directions, ({ angle }) => Math.abs(angle - skew));
  const slack = weightedMedian(directions, ({ length, thickness }) => thickness / length);
  const limit = Math.min(maxSpreads * spread + edgeError * slack, maxTurn);
  const size = median(directions.map(({ thickness }) => thickness));
  const centers = boxes.map((box) => undoSkew(centerOf(box), skew));
  return skew + turnToRows(centers, Math.max(size, 1), limit);
}

/** How far the tilt is looked for, in median deviations of directions. */
const maxSpreads = 2;
/** How far an end of a box is off its line, in heights of the line. */
const edgeError = 0.1;
/** Further turned, a cell stands level with the one above its neighbor. */
const maxTurn = (3 / 180) * Math.PI;

/** The turn of at most `limit` to either side after which points are gathered most in rows; 0 if none is clearly better. */
function turnToRows(points: readonly Point[], size: number, limit: number): number {
  const xs = points.map(([x]) => x);
  const range =
    xs.reduce((most, x) => Math.max(most, x), -Infinity) - xs.reduce((least, x) => Math.min(least, x), Infinity);
  const step = Math.max((maxDrift * size) / Math.max(range, 1), limit / maxSteps);
  const unturned = gatheringOf(points, 0, size);
  let best = { turn: 0, gathering: minGain * unturned };
  for (let turn = step; turn <= limit; turn += step)
    for (const one of [turn, -turn]) {
      const gathering = gatheringOf(points, one, size);
      if (gathering > best.gathering) best = { turn: one, gathering };
    }
  return best.turn;
}

/** Of a row from one end to the other between two turns, in heights of a line. */
const maxDrift = 0.2;
const maxSteps = 40;
/** Beyond what rows of a page of text happen to gain. */
const minGain = 1.1;

/** The sum of the squares of how many points share a stripe of half a line. */
function gatheringOf(points: readonly Point[], turn: number, size: number): number {
  const counts = new Map<number, number>();
  for (const point of points) {
    const place = undoSkew(point, turn)[1] / (size / 2);
    const at = Math.floor(place);
    counts.set(at, (counts.get(at) ?? 0) + 1 - (place - at));
    counts.set(at + 1, (counts.get(at + 1) ?? 0) + place - at);
  }
  return [...counts.values()].reduce((sum, count) => sum + count * count, 0);
}

function centerOf([a, b, c, d]: Quad): Point {
  return [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
}

/** 0 if there are none. */
function weightedMedian<T extends { readonly weight: number }>(all: readonly T[], valueOf: (one: T) => number): number {
  const sorted = all
    .map((one) => ({ value: valueOf(one), weight: one.weight }))
    .toSorted((a, b) => a.value - b.value || a.weight - b.weight);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let before = 0;
  return sorted.find(({ weight }) => (before += weight) >= half)?.value ?? 0;
}

/** Turns a point about the origin, against the tilt. */
export function undoSkew([x, y]: Point, skew: number): Point {
  const [cos, sin] = [Math.cos(skew), Math.sin(skew)];
  return [x * cos + y * sin, y * cos - x * sin];
}

/** Corners of the detector are in an order that allows 45 degrees. */
const maxSkew = (46 / 180) * Math.PI;

const minElongation = 2;

interface Direction {
  readonly angle: number;
  readonly length: number;
  readonly thickness: number;
}

/** The direction of a box's long sides, where vertical ones count as upright lines. The length is 0 if it has no clear direction. */
function directionOf([topLeft, topRight, bottomRight, bottomLeft]: Quad): Direction {
  const along = mean(minus(topRight, topLeft), minus(bottomRight, bottomLeft));
  const down = mean(minus(bottomLeft, topLeft), minus(bottomRight, topRight));
  const [width, height] = [Math.hypot(...along), Math.hypot(...down)];
  const [[x, y], long, short] =
    width >= height ? [along, width, height] : ([[down[1], -down[0]], height, width] as const);
  return { angle: Math.atan2(y, x), length: long > minElongation * short ? long : 0, thickness: short };
}

function minus([ax, ay]: Point, [bx, by]: Point): Point {
  return [ax - bx, ay - by];
}

function mean([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}
