import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { covers, heightOf } from '../../../../src/runtime/ocr/detect/large-lines.js';

const large: Quad = [
  [100, 100],
  [500, 60],
  [520, 260],
  [120, 300],
];

describe('covers', () => {
  it.each([
    ['a stroke inside', 200, 150, true],
    ['a small line below', 300, 310, false],
    ['a corner of the bounding box', 105, 65, false],
    ['a line beside', 600, 150, false],
  ])('%s', (_, x, y, expected) => {
    const box: Quad = [
      [x - 10, y - 5],
      [x + 10, y - 5],
      [x + 10, y + 5],
      [x - 10, y + 5],
    ];
    expect(covers(large, box)).toBe(expected);
  });
});

it('the height of a line is its shorter side, whichever way it runs', () => {
  const [a, b, c, d] = large;
  expect(heightOf(large)).toBeCloseTo(heightOf([b, c, d, a]), 6);
  expect(heightOf(large)).toBeCloseTo(201, 0);
});
