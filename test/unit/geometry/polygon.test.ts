import { describe, expect, it } from 'vitest';
import type { Point, Quad } from '../../../src/runtime/geometry/point.js';
import { polygonMean } from '../../../src/runtime/geometry/polygon-mean.js';
import { orderByReading, orderQuad } from '../../../src/runtime/geometry/point.js';
import { unclip } from '../../../src/runtime/geometry/unclip.js';

describe('polygonMean', () => {
  it('accepts outlines of any length', () => {
    const square: Quad = [
      [1, 1],
      [3, 1],
      [3, 3],
      [1, 3],
    ];
    const outline = square.flatMap((corner) => Array.from({ length: 50_000 }, () => corner));
    const map = Float32Array.from({ length: 25 }, (_, i) => i);
    expect(polygonMean(map, 5, 5, outline)).toBe(polygonMean(map, 5, 5, square));
  });

  it('covers the pixels that OpenCV 4.10 fills for a slanted quadrangle', () => {
    const [width, height] = [37, 16];
    const polygon: Point[] = [
      [1, 0],
      [35, 4],
      [34, 14],
      [0, 10],
    ];
    const rows = Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (__, x) => {
        const map = new Float32Array(width * height);
        map[y * width + x] = 1;
        return polygonMean(map, width, height, polygon) > 0 ? '#' : '.';
      }).join(''),
    );
    expect(rows).toEqual([
      '.#####...............................',
      '.#############.......................',
      '.######################..............',
      '.##############################......',
      '.###################################.',
      '####################################.',
      '####################################.',
      '####################################.',
      '####################################.',
      '####################################.',
      '###################################..',
      '.....##############################..',
      '.............######################..',
      '......................#############..',
      '..............................#####..',
      '.....................................',
    ]);
  });

  it('averages only the part of a polygon that is inside the map', () => {
    expect(
      polygonMean(Float32Array.of(1, 1, 1, 1), 2, 2, [
        [-3, -3],
        [5, -3],
        [5, 5],
        [-3, 5],
      ]),
    ).toBe(1);
  });

  it('excludes the notch of a concave outline', () => {
    const map = new Float32Array(9 * 9);
    map[1 * 9 + 4] = 1;
    expect(
      polygonMean(map, 9, 9, [
        [0, 0],
        [4, 8],
        [8, 0],
        [8, 8],
        [0, 8],
      ]),
    ).toBe(0);
  });
});

describe('unclip', () => {
  it('grows each side by area * ratio / perimeter', () => {
    const [grown] = unclip(
      [
        [10, 10],
        [110, 10],
        [110, 30],
        [10, 30],
      ],
      1.6,
    );
    const xs = grown?.map(([x]) => x) ?? [];
    const ys = grown?.map(([, y]) => y) ?? [];
    // 2000 * 1.6 / 240 = 13.3
    expect([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]).toEqual([-3, 123, -3, 43]);
  });

  it('returns nothing for a polygon without area', () => {
    expect(
      unclip(
        [
          [0, 0],
          [0.5, 0],
          [0.5, 0.5],
          [0, 0.5],
        ],
        1.6,
      ),
    ).toEqual([]);
  });
});

describe('orderQuad', () => {
  it('orders corners clockwise from the top left', () => {
    const mixed: Quad = [
      [10, 20],
      [0, 20],
      [10, 0],
      [0, 0],
    ];
    expect(orderQuad(mixed)).toEqual([
      [0, 0],
      [10, 0],
      [10, 20],
      [0, 20],
    ]);
  });

  it('repeats a corner at exactly 45 degrees, as the reference does', () => {
    const diamond: Quad = [
      [0, 10],
      [10, 0],
      [20, 10],
      [10, 20],
    ];
    expect(orderQuad(diamond)).toEqual([
      [0, 10],
      [10, 0],
      [20, 10],
      [10, 20],
    ]);
  });
});

describe('orderByReading', () => {
  /** The corners of a box, from where its text begins, clockwise. */
  const box = (width: number, height: number, degrees: number): Quad => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const at = (x: number, y: number): Point => [
      Math.round(500 + x * cos - y * sin),
      Math.round(500 + x * sin + y * cos),
    ];
    return [at(0, 0), at(width, 0), at(width, height), at(0, height)];
  };
  const mixedOrders = ([a, b, c, d]: Quad): Quad[] => [
    [a, b, c, d],
    [b, c, d, a],
    [c, d, a, b],
    [d, c, b, a],
    [c, a, d, b],
  ];

  it.each(Array.from({ length: 149 }, (_, i) => i - 74))(
    'starts where a line begins that is tilted by %i degrees',
    (degrees) => {
      const line = box(300, 24, degrees);
      for (const mixed of mixedOrders(line)) expect(orderByReading(mixed)).toEqual(line);
    },
  );

  it.each([-44, -30, -1, 0, 1, 30, 44])('turns a nearly square box by as little as possible: %i degrees', (degrees) => {
    const square = box(110, 100, degrees);
    for (const mixed of mixedOrders(square)) expect(orderByReading(mixed)).toEqual(square);
  });

  it.each([-12, -3, 0, 3, 12])('starts at the upper end of a column that leans by %i degrees', (degrees) => {
    const column = box(24, 300, degrees);
    for (const mixed of mixedOrders(column)) expect(orderByReading(mixed)).toEqual(column);
  });

  it('names every corner once, whatever the rounding at 45 degrees', () => {
    const diamond: Quad = [
      [10, 0],
      [20, 10],
      [10, 20],
      [0, 10],
    ];
    for (const mixed of mixedOrders(diamond)) expect(new Set(orderByReading(mixed)).size).toBe(4);
  });
});
