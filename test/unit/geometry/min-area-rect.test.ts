import { describe, expect, it } from 'vitest';
import { convexHull } from '../../../src/runtime/geometry/hull.js';
import { minAreaRect } from '../../../src/runtime/geometry/min-area-rect.js';
import type { Point } from '../../../src/runtime/geometry/point.js';

describe('convexHull', () => {
  it('drops inner and collinear points and keeps the first given point first', () => {
    const square: Point[] = [
      [4, 4],
      [0, 4],
      [0, 0],
      [2, 0],
      [4, 0],
      [2, 2],
    ];
    expect(convexHull(square)).toEqual([
      [4, 4],
      [0, 4],
      [0, 0],
      [4, 0],
    ]);
  });

  it('returns one point for equal points and two for a line', () => {
    expect(
      convexHull([
        [1, 1],
        [1, 1],
      ]),
    ).toEqual([[1, 1]]);
    expect(
      convexHull([
        [0, 0],
        [1, 1],
        [2, 2],
      ]),
    ).toHaveLength(2);
  });
});

describe('minAreaRect', () => {
  it('is exact for an upright rectangle', () => {
    const rect = minAreaRect([
      [72, 384],
      [72, 394],
      [144, 394],
      [144, 384],
    ]);
    expect(rect?.shortSide).toBe(10);
    expect(rect?.corners.map(([x, y]) => [Math.round(x), Math.round(y)])).toEqual([
      [72, 384],
      [144, 384],
      [144, 394],
      [72, 394],
    ]);
  });

  it('equals OpenCV 4.10 to the last bit for a slanted rectangle', () => {
    const points: Point[] = [
      [87, 244],
      [87, 248],
      [86, 249],
      [84, 250],
      [81, 251],
      [62, 252],
      [16, 252],
      [11, 251],
      [10, 247],
      [11, 246],
      [13, 245],
    ];
    expect(minAreaRect(points)).toEqual({
      corners: [
        [9.973533630371094, 245.04092407226562],
        [87, 244.00003051757812],
        [87.10352325439453, 251.66079711914062],
        [10.077056884765625, 252.70169067382812],
      ],
      shortSide: 7.661462306976318,
    });
  });

  it('returns no rectangle for a line or a point', () => {
    expect(
      minAreaRect([
        [0, 0],
        [5, 5],
      ]),
    ).toBeUndefined();
    expect(minAreaRect([[3, 3]])).toBeUndefined();
  });
});
