import { describe, expect, test } from 'vitest';
import type { Quad } from '../../../src/runtime/geometry/point.js';
import { blankImage, type Image } from '../../../src/runtime/image/image.js';
import { resize } from '../../../src/runtime/image/resize.js';
import { cropLine, cropLineAt, lineCropper } from '../../../src/runtime/ocr/crop-lines.js';
import { systemParams } from '../../../src/runtime/ocr/params.js';

/** Smooth in both directions, so that both ways of sampling find nearly the same values. */
const page = pattern(400, 300);
const limits = { height: 48, width: 6400 };

describe('a line cropped at the height of the recognizer', () => {
  test('is a plain copy if the box is upright', () => {
    const box = rectangle(30, 40, 200, 60, 0);
    expect(cropLineAt(page, box, limits)).toEqual(cropLine(page, box));
  });

  test.each([
    ['small print, enlarged', rectangle(60, 80, 220, 26, 4)],
    ['large print, shrunk', rectangle(60, 60, 250, 90, -6)],
    ['a corner beyond the edge', rectangle(2, 4, 180, 40, 5)],
    ['perspective', quad([40, 40], [300, 60], [310, 130], [30, 100])],
    ['written from top to bottom', rectangle(200, 30, 40, 200, 7)],
  ])('is nearly equal to the result of cropping, then resizing: %s', (_, box) => {
    const twoSteps = cropLine(page, box);
    const once = cropLineAt(page, box, limits);
    expect(once.height).toBe(48);
    expect(once.width).toBe(Math.ceil((48 * twoSteps.width) / twoSteps.height));
    expect(meanDifference(once, resize(twoSteps, once.width, 48))).toBeLessThan(1);
  });

  test('is not enlarged to more than four times its pixels', () => {
    const tiny = rectangle(60, 80, 220, 20, 4);
    expect(cropLineAt(page, tiny, limits)).toEqual(cropLine(page, tiny));
  });

  test('is not enlarged beyond the maximum width', () => {
    const hair = quad([10, 10], [390, 12], [390, 14], [10, 12]);
    const line = cropLineAt(page, hair, { height: 48, width: 6400 });
    expect(line).toEqual(cropLine(page, hair));
    expect(line.width).toBeLessThan(400);
  });

  test('has one color if the corners span no quadrangle', () => {
    const flat = quad([10, 10], [50, 10], [90, 10], [50, 10]);
    const line = cropLineAt(page, flat, limits);
    const [r, g, b] = page.data;
    expect([...line.data.subarray(0, 3), ...line.data.subarray(-3)]).toEqual([r, g, b, r, g, b]);
  });

  test('can come from a picture of one pixel', () => {
    const dot = { width: 1, height: 1, data: Uint8Array.of(7, 8, 9) };
    const line = cropLineAt(dot, quad([0, 0], [4, 1], [3, 5], [0, 4]), limits);
    expect(new Set(line.data)).toEqual(new Set([7, 8, 9]));
  });
});

describe('lineCropper', () => {
  const box = rectangle(60, 80, 220, 30, 4);
  const cropped = (given: object, height?: number) => lineCropper(systemParams.parse(given), height)(page, box);

  test('crops a tilted line at the line height of the recognizer', () => {
    expect(cropped({}, 48).height).toBe(48);
    expect(cropped({}, 32).height).toBe(32);
  });

  test('keeps the size of the line without a line height, with crop_once: false and with the classifier', () => {
    expect(cropped({})).toEqual(cropLine(page, box));
    expect(cropped({ crop_once: false }, 48)).toEqual(cropLine(page, box));
    expect(cropped({ use_angle_cls: true }, 48)).toEqual(cropLine(page, box));
  });
});

function pattern(width: number, height: number): Image {
  const image = blankImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wave = [Math.sin(x / 15) * Math.cos(y / 20), Math.cos(x / 25 + y / 18), Math.sin((x - y) / 22)];
      wave.forEach((value, channel) => (image.data[(y * width + x) * 3 + channel] = Math.round(127 + 120 * value)));
    }
  }
  return image;
}

/** The corners, in whole pixels, of a rectangle rotated around its upper left corner (x, y). */
function rectangle(x: number, y: number, width: number, height: number, degrees: number): Quad {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const at = (dx: number, dy: number): [number, number] => [
    Math.round(x + dx * cos - dy * sin),
    Math.round(y + dx * sin + dy * cos),
  ];
  return quad(at(0, 0), at(width, 0), at(width, height), at(0, height));
}

function quad(...corners: [[number, number], [number, number], [number, number], [number, number]]): Quad {
  return corners;
}

function meanDifference(a: Image, b: Image): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? 0)), 0) / a.data.length;
}
