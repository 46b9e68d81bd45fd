import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/runtime/document/decode-image.js';
import { blankImage, type Image } from '../../../src/runtime/image/image.js';
import { standingStroke } from '../../../src/runtime/ocr/standing-stroke.js';

describe('standingStroke', () => {
  it.each([
    ['a stroke as thick as that of I', [[14, 5, 4, 30]], 'I'],
    ['a thinner one', [[14, 4, 4, 35]], 'l'],
    ['a bold one', [[14, 5, 6, 30]], 'I'],
    ['a very thin one', [[14, 4, 3, 36]], '|'],
    [
      'one with two arms on its right',
      [
        [10, 4, 4, 34],
        [10, 4, 11, 3],
        [10, 35, 11, 3],
      ],
      '[',
    ],
    [
      'one with two arms on its left',
      [
        [18, 4, 4, 34],
        [11, 4, 11, 3],
        [11, 35, 11, 3],
      ],
      ']',
    ],
    [
      'one above a dot',
      [
        [14, 4, 4, 24],
        [14, 33, 4, 4],
      ],
      '!',
    ],
    [
      'one with a short serif at its top and a foot',
      [
        [14, 4, 4, 34],
        [11, 4, 4, 2],
        [10, 36, 12, 2],
      ],
      'l',
    ],
  ] as const)('tells %s', (_, strokes, letter) => {
    expect(standingStroke(drawn(strokes))).toEqual([letter]);
    expect(standingStroke(inverted(drawn(strokes))), 'light on dark').toEqual([letter]);
  });

  it.each([
    ['1, whose flag is long and hangs', [[14, 4, 4, 34], ...slope(13, 6)]],
    [
      'I with serifs on both sides',
      [
        [14, 4, 4, 34],
        [10, 4, 12, 2],
        [10, 36, 12, 2],
      ],
    ],
    [
      'i, whose dot is above',
      [
        [14, 4, 4, 4],
        [14, 14, 4, 24],
      ],
    ],
    [
      'a 1 of two segments',
      [
        [14, 4, 4, 16],
        [14, 22, 4, 16],
      ],
    ],
    [
      'T',
      [
        [14, 4, 4, 34],
        [6, 4, 20, 4],
      ],
    ],
    [
      'L',
      [
        [10, 4, 4, 34],
        [10, 34, 14, 4],
      ],
    ],
    ['a block', [[8, 5, 16, 30]]],
    ['nothing', []],
  ])('leaves %s to the recognizer', (_, strokes) => {
    expect(standingStroke(drawn(strokes as Stroke[]))).toEqual([]);
  });

  it('cannot tell I from l where small strokes fill whole pixels', () => {
    expect(standingStroke(drawn([[14, 5, 2, 14]]))).toEqual(['I', 'l']);
    expect(standingStroke(drawn([[14, 5, 2, 18]]))).toEqual(['I', 'l']);
  });

  it('tells a huge stroke too', () => {
    const image = blankImage(1200, 3000);
    for (let y = 300; y < 2700; y++) image.data.fill(255, (y * 1200 + 440) * 3, (y * 1200 + 760) * 3);
    expect(standingStroke(image)).toEqual(['I']);
    expect(standingStroke(blankImage(4000, 2))).toEqual([]);
  });

  it('leaves what is too small to measure to the recognizer', () => {
    expect(standingStroke(blankImage(1, 1))).toEqual([]);
    expect(standingStroke(drawn([[14, 10, 1, 6]]))).toEqual([]);
  });

  // Drawn letters of five faces: I, l, !, [ and 1 in turn.
  it.each(Array.from({ length: 15 }, (_, i) => i))(
    'agrees with letter %i of the drawn ones, or leaves it',
    async (i) => {
      const file = path.join(import.meta.dirname, '../../fixtures/kinds', `narrow-${i + 1}.png`);
      const told = standingStroke(await decodeImage(readFileSync(file)));
      expect([[['I', 'l', '!', '[', '1'][i % 5]], []]).toContainEqual(told);
    },
  );
});

type Stroke = readonly [x: number, y: number, width: number, height: number];

/** A flag that goes from the top of the stem to the left and down. */
function slope(left: number, rows: number): Stroke[] {
  return Array.from({ length: rows }, (_, i): Stroke => [left - i, 5 + i, 2, 2]);
}

function drawn(strokes: readonly Stroke[]): Image {
  const image = blankImage(32, 44);
  image.data.fill(250);
  for (const [x, y, width, height] of strokes)
    for (let row = y; row < y + height; row++) image.data.fill(20, (row * 32 + x) * 3, (row * 32 + x + width) * 3);
  return image;
}

function inverted({ data, ...size }: Image): Image {
  return { ...size, data: data.map((value) => 255 - value) };
}
