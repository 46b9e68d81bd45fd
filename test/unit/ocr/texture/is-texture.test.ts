import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../../src/runtime/document/decode-image.js';
import type { Image } from '../../../../src/runtime/image/image.js';
import { isTexture } from '../../../../src/runtime/ocr/texture/is-texture.js';
import { generator } from '../../../../bench/word-boxes/random.js';

describe('isTexture', () => {
  it.each<[string, number, number, (x: number, y: number) => number]>([
    ['stripes from top to bottom', 24, 24, (x) => (x % 9 < 3 ? 90 : 200)],
    ['stripes from left to right', 90, 20, (_, y) => (y % 5 < 2 ? 90 : 200)],
    ['slanting stripes', 64, 48, (x, y) => ((x + 2 * y) % 16 < 6 ? 30 : 220)],
    ['a single stripe', 9, 14, (x) => (x < 4 ? 90 : 200)],
    ['one edge', 20, 90, (x) => (x < 12 ? 0 : 255)],
    ['checks', 24, 24, (x, y) => (Math.floor(x / 6) % 2 === Math.floor(y / 6) % 2 ? 60 : 190)],
    ['four large checks', 24, 24, (x, y) => (x < 12 === y < 12 ? 60 : 190)],
    ['bricks', 20, 90, bricks(12)],
    ['large bricks', 96, 96, bricks(28)],
    ['a net', 60, 40, (x, y) => (x % 10 < 1 || y % 10 < 1 ? 170 : 250)],
    ['dots', 64, 64, (x, y) => (Math.hypot((x % 12) - 6, (y % 12) - 6) < 4 ? 60 : 230)],
  ])('tells %s from text, with and without noise', (_, width, height, valueAt) => {
    const random = generator(7);
    expect(isTexture(drawn(width, height, valueAt))).toBe(true);
    expect(isTexture(drawn(width, height, (x, y) => valueAt(x, y) + (random() - 0.5) * 4))).toBe(true);
  });

  it('tells a gradient from text', () => {
    expect(isTexture(drawn(40, 40, (x, y) => x * 3 + y * 2))).toBe(true);
  });

  it.each([
    [9, 14],
    [40, 20],
    [64, 64],
  ])('tells noise of %i x %i pixels from text', (width, height) => {
    const random = generator(3);
    expect(isTexture(drawn(width, height, () => random() * 255)), 'of all values').toBe(true);
    expect(isTexture(drawn(width, height, () => 120 + random() * 16)), 'faint').toBe(true);
  });

  it('is false for a picture of one color, which has nothing to tell', () => {
    expect(isTexture(drawn(30, 20, () => 200))).toBe(false);
    expect(isTexture(drawn(1, 1, () => 0))).toBe(false);
  });

  it.each([
    ['an I with room around it', 24, 40, (x: number, y: number) => (x > 9 && x < 14 && y > 5 && y < 35 ? 0 : 255)],
    ['a dash', 40, 24, (x: number, y: number) => (y > 10 && y < 14 && x > 8 && x < 32 ? 0 : 255)],
    ['an H that touches all edges', 20, 24, letterH(20, 24)],
    ['three of them', 66, 24, (x: number, y: number) => letterH(20, 24)(x % 23, y)],
    ['two squares above each other', 20, 40, (x: number, y: number) => box(x - 2, (y % 20) - 2, 16)],
  ])('is false for %s', (_, width, height, valueAt) => {
    expect(isTexture(drawn(width, height, valueAt))).toBe(false);
  });

  it.each(['tiny', 'tight'].flatMap((kind) => Array.from({ length: 8 }, (_, i) => `${kind}-${i + 1}.png`)))(
    'is false for the letters of %s',
    async (name) => {
      const file = path.join(import.meta.dirname, '../../../fixtures/kinds', name);
      expect(isTexture(await decodeImage(readFileSync(file)))).toBe(false);
    },
  );
});

function bricks(size: number) {
  return (x: number, y: number): number =>
    y % size < 2 || (x + Math.floor(y / size) * (size / 2)) % size < 2 ? 220 : 150;
}

function letterH(width: number, height: number) {
  return (x: number, y: number): number => {
    if (x >= width) return 255;
    return x < 4 || x >= width - 4 || (y > height / 2 - 2 && y < height / 2 + 2) ? 0 : 255;
  };
}

/** The outline of a square. */
function box(x: number, y: number, side: number): number {
  if (x < 0 || y < 0 || x >= side || y >= side) return 255;
  return x < 2 || y < 2 || x >= side - 2 || y >= side - 2 ? 0 : 255;
}

function drawn(width: number, height: number, valueAt: (x: number, y: number) => number): Image {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const at = Math.floor(i / 3);
    return Math.min(255, Math.max(0, valueAt(at % width, Math.floor(at / width))));
  });
  return { width, height, data };
}
