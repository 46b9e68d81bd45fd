import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureAsItIs } from '../../../../src/runtime/image/embed/as-it-is.js';
import { encodePixels } from '../../../../src/runtime/image/embed/encode-pixels.js';
import type { Image } from '../../../../src/runtime/image/image.js';
import { fixtureBytes } from '../../../helpers/pictures.js';

function drawn(width: number, height: number, color: (x: number, y: number) => readonly number[]): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(color(x, y), (y * width + x) * 3);
  }
  return { width, height, data };
}

const gray = (value: number): number[] => [value, value, value];
const noise = (x: number, y: number): number => (x * 7919 + y * 104_729 + ((x * y * 31) % 251)) % 256;

describe('encodePixels', () => {
  it('keeps print in two colors as CCITT group 4', async () => {
    const print = sharp(fixtureBytes('page.png')).removeAlpha().toColourspace('srgb');
    const { data, info } = await print.raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const black = drawn(width, height, (x, y) => gray((data[(y * width + x) * 3] ?? 0) < 128 ? 0 : 255));
    const picture = await encodePixels(black, Infinity);
    expect(picture).toMatchObject({ width, height, coding: 'fax', bits: 1 });
    // White, of which there is most, is the first color.
    expect([...(picture.color as Uint8Array)]).toEqual([255, 255, 255, 0, 0, 0]);
  });

  it.each([
    [
      'two colors that are dithered',
      drawn(203, 99, (x, y) => (noise(x, y) > 127 ? [200, 0, 0] : [0, 0, 90])),
      'flate',
      1,
      6,
    ],
    ['one color', drawn(20, 30, () => [1, 2, 3]), 'fax', 1, 3],
    ['four colors', drawn(203, 99, (x, y) => [x % 2, y % 2, 0].map((bit) => bit * 255)), 'flate', 2, 12],
    ['sixteen colors', drawn(203, 99, (x) => [x % 16, 7, 9]), 'flate', 4, 48],
    ['200 colors', drawn(203, 99, (x) => [x % 200, 0, 0]), 'flate', 8, 600],
  ] as const)('keeps %s with a palette', async (_, image, coding, bits, palette) => {
    const picture = await encodePixels(image, Infinity);
    expect(picture).toMatchObject({ width: image.width, height: image.height, coding, bits, hasRowFilters: false });
    expect(picture.color).toHaveLength(palette);
  });

  it.each([
    ['gray', drawn(64, 64, (x, y) => gray(noise(x, y)))],
    ['rgb', drawn(64, 64, (x, y) => [noise(x, y), noise(y, x), x])],
  ])('keeps many colors without loss while that is small enough: %s', async (color, image) => {
    const picture = await encodePixels(image, Infinity);
    expect(picture).toMatchObject({ coding: 'flate', bits: 8, color, hasRowFilters: true });
    expect(await encodePixels(image, picture.data.length - 1)).toMatchObject({ coding: 'jpeg', bits: 8, color });
  });
});

describe('pictureAsItIs', () => {
  const small = (): Sharp => sharp(fixtureBytes('page.png')).resize(90);

  it.each([
    ['a baseline JPEG', () => small().jpeg(), 'rgb'],
    ['a progressive JPEG', () => small().jpeg({ progressive: true }), 'rgb'],
    ['a gray JPEG', () => small().toColourspace('b-w').jpeg(), 'gray'],
  ] as const)('keeps %s', async (_, make, color) => {
    const bytes = await make().toBuffer();
    const kept = await pictureAsItIs(bytes);
    expect(kept?.picture).toMatchObject({ width: 90, coding: 'jpeg', color });
    expect(kept?.picture.data).toBe(bytes);
  });

  it.each([
    ['RGB', () => small().removeAlpha().png(), 'rgb'],
    ['gray', () => small().removeAlpha().toColourspace('b-w').png(), 'gray'],
  ] as const)('keeps the rows of a PNG file in %s', async (_, make, color) => {
    const kept = await pictureAsItIs(await make().toBuffer());
    expect(kept?.picture).toMatchObject({ width: 90, coding: 'flate', color, hasRowFilters: true });
  });

  it('keeps the rows and the palette of a PNG file', async () => {
    const kept = await pictureAsItIs(await small().removeAlpha().png({ palette: true, colours: 4 }).toBuffer());
    expect(kept?.picture.color).toBeInstanceOf(Uint8Array);
    expect(kept?.picture.bits).toBeLessThanOrEqual(2);
  });

  it.each([
    ['a CMYK JPEG', () => fixtureBytes('cmyk.jpg')],
    ['a PNG with alpha', () => fixtureBytes('alpha.png')],
    ['a PNG with 16 bits', () => fixtureBytes('sixteen-bit.png')],
    ['an interlaced PNG', () => small().removeAlpha().png({ progressive: true }).toBuffer()],
    ['a PNG that ends early', async () => (await small().removeAlpha().png().toBuffer()).subarray(0, -400)],
    ['a JPEG without a frame', () => fixtureBytes('demo.jpg').subarray(0, 100)],
    ['a JPEG that is only a signature', () => Buffer.from([0xff, 0xd8, 0xff])],
    ['another format', () => fixtureBytes('page.webp')],
    ['no picture', () => fixtureBytes('not-a-picture.txt')],
  ])('leaves %s to be encoded again', async (_, make) => {
    expect(await pictureAsItIs(await make())).toBeUndefined();
  });
});
