import { describe, expect, it } from 'vitest';
import type { Image } from '../../../src/runtime/image/image.js';
import type { Quad } from '../../../src/runtime/geometry/point.js';
import { withStrokes } from '../../../src/runtime/ocr/strokes.js';

const box: Quad = [
  [20, 16],
  [50, 16],
  [50, 44],
  [20, 44],
];

/** Upright strokes of 3 x 20 px, with serifs of 7 x 2 px at both ends on request. */
function numeral(count: number, hasSerifs = false): Image {
  const [width, height] = [70, 60];
  const data = new Uint8Array(width * height * 3).fill(255);
  const fill = (x0: number, y0: number, x1: number, y1: number): void => {
    for (let y = y0; y < y1; y++) data.fill(0, (y * width + x0) * 3, (y * width + x1) * 3);
  };
  for (let i = 0; i < count; i++) {
    const x = 24 + i * 8;
    fill(x, 20, x + 3, 40);
    if (!hasSerifs) continue;
    fill(x - 2, 20, x + 5, 22);
    fill(x - 2, 38, x + 5, 40);
  }
  return { width, height, data };
}

function readAs(text: string, image: Image): string | undefined {
  return withStrokes(image, [{ text, confidence: 0.6, text_region: box }])[0]?.text;
}

describe('a numeral that was read as a sign beside a part of it', () => {
  it.each([
    ['IⅢ', 3, 'III'],
    ['ⅢI', 3, 'III'],
    ['IⅡ', 2, 'II'],
    ['IⅡ', 3, 'III'],
    ['lⅢI', 3, 'III'],
  ])('%s with %i strokes is %s', (text, count, expected) => {
    expect(readAs(text, numeral(count))).toBe(expected);
    expect(readAs(text, numeral(count, true))).toBe(expected);
  });

  it.each(['Ⅲ', 'ⅢA', 'III', 'XⅢ', 'Ⅱ1', '1Ⅱ'])('is not %s, which stays', (text) => {
    expect(readAs(text, numeral(2))).toBe(text);
  });
});
