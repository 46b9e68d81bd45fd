import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { topEdgeOrder } from '../../../../src/runtime/ocr/order/top-edge-order.js';

function orderOf(...corners: [x: number, y: number][]): [number, number][] {
  const boxes = corners.map(([x, y]): Quad => [
    [x, y],
    [x + 9, y],
    [x + 9, y + 9],
    [x, y + 9],
  ]);
  return topEdgeOrder(boxes).map(([[x, y]]) => [x, y]);
}

describe('topEdgeOrder', () => {
  it('goes from top to bottom', () => {
    expect(orderOf([0, 50], [0, 10])).toEqual([
      [0, 10],
      [0, 50],
    ]);
  });

  it('goes from left to right if upper edges are less than ten pixels apart', () => {
    expect(orderOf([100, 10], [0, 19])).toEqual([
      [0, 19],
      [100, 10],
    ]);
    expect(orderOf([100, 10], [0, 20])).toEqual([
      [100, 10],
      [0, 20],
    ]);
  });

  it('moves a box to the first place, past several boxes (PaddleOCR pull request 8552)', () => {
    expect(orderOf([50, 100], [100, 100], [5, 105])).toEqual([
      [5, 105],
      [50, 100],
      [100, 100],
    ]);
  });

  it('equals the order of PaddleOCR for random pages, columns and rows', () => {
    let state = 1;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 300; round++) {
      const [count, width, height] = [1 + random(300), 1 + random(1000), 1 + random(round % 3 === 0 ? 12 : 600)];
      const corners = Array.from({ length: count }, (): [number, number] => [random(width), random(height)]);
      expect(orderOf(...corners)).toEqual(movedByHand(corners));
    }
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
    topEdgeOrder(boxes);
    expect(boxes[0]?.[0]).toEqual([0, 50]);
  });
});

/** PaddleOCR's `sorted_boxes`: sorts the boxes, then swaps neighbors. */
function movedByHand(corners: readonly [x: number, y: number][]): [number, number][] {
  const order = corners.toSorted(([ax, ay], [bx, by]) => ay - by || ax - bx);
  for (let i = 0; i < order.length - 1; i++) {
    for (let j = i; j >= 0; j--) {
      const [left, right] = [order[j], order[j + 1]];
      if (left === undefined || right === undefined) break;
      if (Math.abs(right[1] - left[1]) >= 10 || right[0] >= left[0]) break;
      [order[j], order[j + 1]] = [right, left];
    }
  }
  return order;
}
