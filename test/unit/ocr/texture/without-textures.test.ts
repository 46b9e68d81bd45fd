import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import type { TextLine } from '../../../../src/runtime/ocr/text-line.js';
import { withoutTextures } from '../../../../src/runtime/ocr/texture/without-textures.js';

/** Bricks above row 300, and white with black strokes of letters below it. */
function wall(): Image {
  const image = blankImage(400, 600);
  for (let y = 0; y < 600; y++)
    for (let x = 0; x < 400; x++)
      image.data.fill(y < 300 ? brick(x, y) : letters(x, y), (y * 400 + x) * 3, (y * 400 + x) * 3 + 3);
  return image;
}

function brick(x: number, y: number): number {
  return y % 14 < 2 || (x + Math.floor(y / 14) * 7) % 14 < 2 ? 220 : 150;
}

function letters(x: number, y: number): number {
  const [column, row] = [x - 150, y - 440];
  if (column < 0 || column >= 100 || row < 0 || row >= 20) return 255;
  const [letter, at] = [Math.floor(column / 20), column % 20];
  if (at >= 14) return 255;
  return at < 3 || (row < 3 && letter !== 1) || (row > 16 && letter !== 3) ? 0 : 255;
}

const onBricks: TextLine = { text: 'TIT', confidence: 0.6, text_region: boxAt(100, 100, 60, 20) };
const belowThem: TextLine = { text: 'CLEFC', confidence: 0.6, text_region: boxAt(150, 440, 100, 20) };

describe('withoutTextures', () => {
  it('leaves out lines in a pattern, and keeps those beside it', () => {
    expect(withoutTextures(wall(), [onBricks, belowThem])).toEqual([belowThem]);
  });

  it('finds a pattern of large parts too', () => {
    const checks = blankImage(900, 700);
    checks.data.forEach((_, at) => {
      const [x, y] = [Math.floor(at / 3) % 900, Math.floor(at / 2700)];
      checks.data[at] = Math.floor(x / 70) % 2 === Math.floor(y / 70) % 2 ? 60 : 190;
    });
    const line = { text: '日', confidence: 0.97, text_region: boxAt(210, 210, 140, 140) };
    expect(withoutTextures(checks, [line])).toEqual([]);
  });

  it('keeps the lines of a page that is mostly sure and has more than a few characters', () => {
    const sure = { ...belowThem, text: 'CLEFCLEFC', confidence: 0.99 };
    expect(withoutTextures(wall(), [onBricks, sure, sure])).toEqual([onBricks, sure, sure]);
  });

  it('keeps a tall I, of which the ends are seen', () => {
    const page = blankImage(300, 400);
    page.data.fill(255);
    for (let y = 100; y < 300; y++) page.data.fill(0, (y * 300 + 140) * 3, (y * 300 + 165) * 3);
    const line = { text: 'I', confidence: 0.7, text_region: boxAt(135, 90, 35, 220) };
    expect(withoutTextures(page, [line])).toEqual([line]);
  });

  it('looks at a line at the edge of a picture that is smaller than its surroundings', () => {
    const page = blankImage(30, 12);
    const line = { text: '1', confidence: 0.7, text_region: boxAt(0, 0, 30, 12) };
    expect(withoutTextures(page, [line])).toEqual([line]);
    expect(withoutTextures(page, [])).toEqual([]);
  });
});

function boxAt(x: number, y: number, width: number, height: number): Quad {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}
