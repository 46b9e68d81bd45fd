import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../src/runtime/geometry/point.js';
import { readingOrder } from '../../../src/runtime/ocr/reading-order.js';

function orderOf(...corners: [x: number, y: number][]): [number, number][] {
  const boxes = corners.map(([x, y]): Quad => [
    [x, y],
    [x + 9, y],
    [x + 9, y + 9],
    [x, y + 9],
  ]);
  return readingOrder(boxes).map(([[x, y]]) => [x, y]);
}

describe('readingOrder', () => {
  it('goes from top to bottom', () => {
    expect(orderOf([0, 50], [0, 10])).toEqual([
      [0, 10],
      [0, 50],
    ]);
  });

  it('goes from left to right where upper edges are less than ten pixels apart', () => {
    expect(orderOf([100, 10], [0, 19])).toEqual([
      [0, 19],
      [100, 10],
    ]);
    expect(orderOf([100, 10], [0, 20])).toEqual([
      [100, 10],
      [0, 20],
    ]);
  });

  it('moves a box down to the first place (pull/8552; the example is measured)', () => {
    expect(orderOf([50, 100], [100, 100], [5, 105])).toEqual([
      [5, 105],
      [50, 100],
      [100, 100],
    ]);
  });

  it('does not change its argument', () => {
    const boxes: Quad[] = [
      [
        [0, 50],
        [1, 50],
        [1, 51],
        [0, 51],
      ],
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    ];
    readingOrder(boxes);
    expect(boxes[0]?.[0]).toEqual([0, 50]);
  });
});
