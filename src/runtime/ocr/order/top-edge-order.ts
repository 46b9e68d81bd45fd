import type { Quad } from '../../geometry/point.js';

/**
 * Boxes from top to bottom, and from left to right within a line: `sorted_boxes` of PaddleOCR's predict_system.py as it
 * is since December 2022 (pull/8552). Boxes are sorted by their first corner, then each moves to the left past
 * neighbours that begin less than ten pixels higher or lower.
 */
export function topEdgeOrder(boxes: readonly Quad[]): Quad[] {
  const runs: Run[] = [{ boxes: [], top: Infinity, left: Infinity }];
  // Runs of about sqrt(n) boxes make the work for one row n * sqrt(n) instead of n * n.
  const maxRunLength = 2 * Math.ceil(Math.sqrt(boxes.length));
  for (const box of boxes.toSorted(([[ax, ay]], [[bx, by]]) => ay - by || ax - bx)) insert(runs, box, maxRunLength);
  return runs.flatMap((run) => run.boxes);
}

/** Boxes that follow each other, with the smallest x and y of their first corners. */
interface Run {
  readonly boxes: Quad[];
  top: number;
  left: number;
}

/** Inserts a box after the last one that it does not move past. No earlier box begins lower. */
function insert(runs: Run[], box: Quad, maxRunLength: number): void {
  const [[x, y]] = box;
  const staysBehind = (otherX: number, otherY: number): boolean => y - otherY >= maxLineOffset || x >= otherX;
  const at = Math.max(
    runs.findLastIndex(({ left, top }) => staysBehind(left, top)),
    0,
  );
  const run = runs[at];
  if (run === undefined) return;
  run.boxes.splice(run.boxes.findLastIndex(([[otherX, otherY]]) => staysBehind(otherX, otherY)) + 1, 0, box);
  run.top = Math.min(run.top, y);
  run.left = Math.min(run.left, x);
  if (run.boxes.length > maxRunLength)
    runs.splice(at, 1, runOf(run.boxes.slice(0, maxRunLength / 2)), runOf(run.boxes.slice(maxRunLength / 2)));
}

function runOf(boxes: Quad[]): Run {
  const min = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  return { boxes, top: min(boxes.map(([[, y]]) => y)), left: min(boxes.map(([[x]]) => x)) };
}

/** Two boxes belong to one line if their upper edges differ by less, in pixels. */
const maxLineOffset = 10;
