import type { Quad } from '../geometry/point.js';

/**
 * Boxes from top to bottom, and from left to right within a line: `sorted_boxes` of PaddleOCR's predict_system.py as it
 * is since December 2022 (pull/8552). Boxes are sorted by their first corner, then each moves to the left past
 * neighbours that begin less than ten pixels higher or lower.
 */
export function readingOrder(boxes: readonly Quad[]): Quad[] {
  const runs: Run[] = [{ boxes: [], top: Infinity, left: Infinity }];
  // Runs of the square root's length make n boxes of one row a work of n * sqrt(n), not of n * n.
  const longest = 2 * Math.ceil(Math.sqrt(boxes.length));
  for (const box of boxes.toSorted(([[ax, ay]], [[bx, by]]) => ay - by || ax - bx)) insert(runs, box, longest);
  return runs.flatMap((run) => run.boxes);
}

/** Boxes that follow each other in the order, with the least x and y of their first corners. */
interface Run {
  readonly boxes: Quad[];
  top: number;
  left: number;
}

/** Puts a box behind the last one that it does not move past; no box so far begins lower. */
function insert(runs: Run[], box: Quad, longest: number): void {
  const [[x, y]] = box;
  const staysBehind = (otherX: number, otherY: number): boolean => y - otherY >= sameLine || x >= otherX;
  const at = Math.max(
    runs.findLastIndex(({ left, top }) => staysBehind(left, top)),
    0,
  );
  const run = runs[at];
  if (run === undefined) return;
  run.boxes.splice(run.boxes.findLastIndex(([[otherX, otherY]]) => staysBehind(otherX, otherY)) + 1, 0, box);
  run.top = Math.min(run.top, y);
  run.left = Math.min(run.left, x);
  if (run.boxes.length > longest)
    runs.splice(at, 1, runOf(run.boxes.slice(0, longest / 2)), runOf(run.boxes.slice(longest / 2)));
}

function runOf(boxes: Quad[]): Run {
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  return { boxes, top: least(boxes.map(([[, y]]) => y)), left: least(boxes.map(([[x]]) => x)) };
}

/** Pixels between the upper edges of two boxes on one line, at most. */
const sameLine = 10;
