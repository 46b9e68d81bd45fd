import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { mayHoldLargeLines, withLargeLines } from '../../../../src/runtime/ocr/detect/large-lines.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';

const params = detectorParams.parse({});

describe('mayHoldLargeLines', () => {
  it.each([
    ['a banner', { width: 2600, height: 800 }, true],
    ['a banner that stands', { width: 800, height: 2600 }, true],
    ['a strip that is too low for them', { width: 2600, height: 120 }, false],
    ['a long screenshot, whose lines would run together', { width: 960, height: 12_000 }, false],
  ])('%s', (_, size, expected) => {
    expect(mayHoldLargeLines(size, size, params)).toBe(expected);
  });
});

describe('withLargeLines', () => {
  const large: Quad = [
    [100, 100],
    [500, 60],
    [520, 260],
    [120, 300],
  ];
  const small = (x: number, y: number, width = 20): Quad => [
    [x - width / 2, y - 5],
    [x + width / 2, y - 5],
    [x + width / 2, y + 5],
    [x - width / 2, y + 5],
  ];

  it.each([
    ['a stroke inside it', 200, 150, false],
    ['a small line below', 300, 310, true],
    ['a corner of the rectangle around it', 105, 65, true],
    ['a line beside it', 600, 150, true],
  ])('keeps a large line and, of the rest, not its strokes: %s', (_, x, y, isKept) => {
    expect(withLargeLines([small(x, y)], [large], 1)).toEqual([...(isKept ? [small(x, y)] : []), large]);
  });

  it('takes a large line instead of a box of a slice that is as large and holds its end', () => {
    const end: Quad = [
      [400, 0],
      [800, 0],
      [800, 300],
      [400, 300],
    ];
    expect(withLargeLines([end], [large], 1)).toEqual([large]);
    const low = small(510, 150, 200);
    expect(withLargeLines([low], [large], 1)).toEqual([low, large]);
  });

  it('takes no line that the slices show as well', () => {
    expect(withLargeLines([small(200, 150)], [large], 0.5)).toEqual([small(200, 150)]);
    expect(withLargeLines([], [small(200, 150)], 1)).toEqual([]);
  });

  it('takes no paragraph for a line', () => {
    const lines = [120, 160, 200, 240].map((y) => small(300, y, 300));
    expect(withLargeLines(lines, [large], 1)).toEqual(lines);
  });

  it('takes no table of small numbers for a line', () => {
    const cells = [180, 260, 340, 420].flatMap((x) => [140, 170, 200, 230].map((y) => small(x, y, 40)));
    expect(withLargeLines(cells, [large], 1)).toEqual(cells);
  });

  it('takes the strokes of large letters, which go both ways, for a line', () => {
    const upright = (x: number, y: number): Quad => [
      [x - 5, y - 30],
      [x + 5, y - 30],
      [x + 5, y + 30],
      [x - 5, y + 30],
    ];
    const strokes = [180, 260, 340, 420].flatMap((x) => [small(x, 150, 60), small(x, 210, 60), upright(x, 180)]);
    expect(withLargeLines(strokes, [large], 1)).toEqual([large]);
  });
});
