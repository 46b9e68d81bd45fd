import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import type { Image } from '../src/runtime/image/image.js';
import { rotate180, rotate90Ccw } from '../src/runtime/image/rotate.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { fixtureBytes } from './helpers/pictures.js';

/** A page of 2480 x 1754 px: three lines of 64 px, and six lines of 14 px, which the detector sees at 5.4 px. */
const { large, small } = JSON.parse(fixtureBytes('small-print.json').toString()) as Record<'large' | 'small', string[]>;
const all = [...large, ...small];

describe.each(['int8', 'f32'] as const)('small print on a large page, read in %s', (precision) => {
  let system: TextSystem;
  let page: Image;
  beforeAll(async () => {
    system = await TextSystem.create({ precision });
    page = await decodeImage(fixtureBytes('small-print.png'));
  });
  afterAll(() => system.dispose());

  it('is read with the large lines, in order', async () => {
    expect((await system.read(page)).map(({ text }) => text)).toEqual(all);
  });

  it.each([
    ['90', rotate90Ccw],
    ['180', rotate180],
    ['270', (image: Image) => rotate180(rotate90Ccw(image))],
  ])('is read on a page that is turned by %s degrees, with regions inside it', async (_, turn) => {
    const turned = turn(page);
    const lines = await system.read(turned);
    expect(lines.map(({ text }) => text).toSorted()).toEqual(all.toSorted());
    for (const [x, y] of lines.flatMap(({ text_region }) => text_region)) {
      expect(x).toBeLessThanOrEqual(turned.width);
      expect(y).toBeLessThanOrEqual(turned.height);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    }
  });

  it('has the boxes of its words, each inside its line', async () => {
    const lines = await system.read(page, { return_word_box: true });
    for (const { text, text_region: line, words = [] } of lines) {
      expect(words.map((word) => word.text).join(' ')).toBe(text);
      const [left, right] = [Math.min(...line.map(([x]) => x)), Math.max(...line.map(([x]) => x))];
      const middles = words.map(({ region }) => region.reduce((sum, [x]) => sum + x, 0) / 4);
      expect(middles).toEqual(middles.toSorted((a, b) => a - b));
      expect(Math.min(...middles)).toBeGreaterThan(left);
      expect(Math.max(...middles)).toBeLessThan(right);
    }
  });

  it('is left out if a request turns det_small_print off, and the large lines stay', async () => {
    const texts = (await system.read(page, { det_small_print: false })).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(large));
    expect(texts.filter((text) => small.includes(text)).length).toBeLessThan(small.length);
  });
});

it('small print is read with fewer det_max_pixels too, which bounds each look', async () => {
  const system = await TextSystem.create({ det_max_pixels: 500_000 });
  const texts = (await system.read(await decodeImage(fixtureBytes('small-print.png')))).map(({ text }) => text);
  await system.dispose();
  expect(texts).toEqual(expect.arrayContaining(large));
  expect(texts).toEqual(expect.arrayContaining(small));
});
