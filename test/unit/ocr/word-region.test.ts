import { describe, expect, it } from 'vitest';
import { distance, type Quad } from '../../../src/runtime/geometry/point.js';
import { regionInPicture } from '../../../src/runtime/ocr/word-region.js';

/** The rectangle from (x0, y0) to (x1, y1) in the picture of a line. */
function part(x0: number, y0: number, x1: number, y1: number): Quad {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

const upright = part(100, 50, 300, 90);

describe('regionInPicture', () => {
  it('moves the region of an upright line by the position of the line', () => {
    const size = { width: 200, height: 40 };
    expect(regionInPicture(part(20, 5, 60, 35), { box: upright, size, isUpsideDown: false })).toEqual(
      part(120, 55, 160, 85),
    );
  });

  it('scales the region of a line that was cropped at another size', () => {
    const size = { width: 400, height: 80 };
    expect(regionInPicture(part(40, 10, 120, 70), { box: upright, size, isUpsideDown: false })).toEqual(
      part(120, 55, 160, 85),
    );
  });

  it('rotates the region of an upside-down line and keeps the corner order of the box', () => {
    const size = { width: 200, height: 40 };
    expect(regionInPicture(part(20, 5, 60, 30), { box: upright, size, isUpsideDown: true })).toEqual(
      part(240, 60, 280, 85),
    );
  });

  // A tall box is rotated by a quarter counterclockwise: its right side becomes the upper side.
  it.each([
    [false, part(55, 120, 80, 160)],
    [true, part(60, 240, 85, 280)],
  ])('rotates the region of a tall line back (upside down: %s)', (isUpsideDown, expected) => {
    const box = part(50, 100, 90, 300);
    const size = { width: 200, height: 40 };
    expect(regionInPicture(part(20, 10, 60, 35), { box, size, isUpsideDown })).toEqual(expected);
  });

  it('follows a tilted line and stays inside its box', () => {
    const box: Quad = [
      [100, 200],
      [273, 100],
      [293, 135],
      [120, 235],
    ];
    const size = { width: 200, height: 40 };
    for (let from = 0; from < 200; from += 7) {
      const region = regionInPicture(part(from, 0, Math.min(from + 25, 200), 40), { box, size, isUpsideDown: false });
      for (const [x, y] of region) {
        expect([Number.isInteger(x), Number.isInteger(y)]).toEqual([true, true]);
        for (let i = 0; i < 4; i++) {
          const [x0, y0] = box[i] ?? [0, 0];
          const [x1, y1] = box[(i + 1) % 4] ?? [0, 0];
          expect((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)).toBeGreaterThanOrEqual(0);
        }
      }
      const exact = [100 + (173 * from) / 200, 200 - (100 * from) / 200] as const;
      expect(distance(region[0], exact)).toBeLessThan(2);
    }
  });
});
