import type { Quad } from '../geometry/point.js';

/**
 * Boxes from top to bottom, and from left to right within a line: `sorted_boxes` of PaddleOCR's predict_system.py as it
 * is since December 2022 (pull/8552). Boxes are sorted by their first corner, then each moves to the left past
 * neighbours that begin less than ten pixels higher or lower.
 */
export function readingOrder(boxes: readonly Quad[]): Quad[] {
  const sorted: Quad[] = [];
  for (const box of boxes.toSorted(([[ax, ay]], [[bx, by]]) => ay - by || ax - bx)) {
    const [[x, y]] = box;
    const stays = sorted.findLastIndex(([[otherX, otherY]]) => Math.abs(y - otherY) >= sameLine || x >= otherX);
    sorted.splice(stays + 1, 0, box);
  }
  return sorted;
}

/** Pixels between the upper edges of two boxes on one line, at most. */
const sameLine = 10;
