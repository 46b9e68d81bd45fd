import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../src/runtime/geometry/point.js';
import { decodeImage } from '../../../src/runtime/image/decode.js';
import { drawOutlines, drawPreview } from '../../../src/runtime/image/draw.js';
import { root } from '../../helpers/cli.js';
import { fixtureBytes } from '../../helpers/pictures.js';

const small = (await readdir(path.join(root, 'test', 'fixtures'))).filter((name) =>
  /^(alpha|blank|cmyk|exif-6|grey|page|palette|pixel|sixteen-bit|small|truncated)\.[a-z]+$/.test(name),
);

const box: Quad = [
  [10, 20],
  [60, 20],
  [60, 40],
  [10, 40],
];

describe('drawOutlines', () => {
  it.each(small)('copies the pixels of %s', async (name) => {
    const image = await decodeImage(fixtureBytes(name));
    const copy = await decodeImage(await drawOutlines(image, []));
    expect([copy.width, copy.height]).toEqual([image.width, image.height]);
    expect(Buffer.from(copy.data).equals(image.data)).toBe(true);
  });

  it('draws red lines through the corners and changes no other pixels', async () => {
    const copy = await decodeImage(await drawOutlines(await decodeImage(fixtureBytes('blank.png')), [box]));
    const red = (x: number, y: number): boolean => copy.data[(y * copy.width + x) * 3 + 1] === 49;
    expect(box.map(([x, y]) => red(x, y))).toEqual([true, true, true, true]);
    expect([red(35, 20), red(10, 30), red(35, 30), red(8, 20), red(62, 20)]).toEqual([true, true, false, false, false]);
  });

  it('draws on the last rows of a picture of 40,000 rows', async () => {
    const long = await sharp({ create: { width: 40, height: 40_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const low: Quad = [
      [5, 39_000],
      [30, 39_000],
      [30, 39_050],
      [5, 39_050],
    ];
    const { data } = await decodeImage(await drawOutlines(await decodeImage(long), [low]));
    expect(data[(39_000 * 40 + 15) * 3 + 1]).toBe(49);
  });

  it('draws a corner outside the picture at its border', async () => {
    const outside: Quad = [
      [-1e300, 20],
      [1e300, 20],
      [1e300, 40],
      [-1e300, 40],
    ];
    const copy = await decodeImage(await drawOutlines(await decodeImage(fixtureBytes('blank.png')), [outside]));
    const green = (x: number, y: number): number | undefined => copy.data[(y * copy.width + x) * 3 + 1];
    expect([green(0, 20), green(copy.width - 1, 40), green(5, 30)]).toEqual([49, 49, 255]);
  });

  it("leaves libvips' SVG loader blocked in the whole process", async () => {
    await drawOutlines(await decodeImage(fixtureBytes('blank.png')), [box]);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');
    await expect(sharp(svg).metadata()).rejects.toThrow('unsupported image format');
    // libvips does not take this for WebP, and would offer it to the loader of SVG.
    const disguised = Buffer.concat([Buffer.from('RIFF    WEBP'), svg]);
    await expect(decodeImage(disguised)).rejects.toMatchObject({ code: 'image_unreadable' });
  });
});

it('drawPreview answers a JPEG of at most 2000 pixels a side, with the outlines at their places', async () => {
  const image = { width: 4000, height: 1000, data: new Uint8Array(4000 * 1000 * 3).fill(255) };
  const drawn = await drawPreview(image, [
    [
      [400, 200],
      [3600, 200],
      [3600, 800],
      [400, 800],
    ],
  ]);
  expect([...drawn.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  const { width, height, data } = await decodeImage(drawn);
  expect([width, height]).toEqual([2000, 500]);
  const green = (x: number, y: number): number => data[(y * width + x) * 3 + 1] ?? 0;
  expect(green(1000, 100)).toBeLessThan(120);
  expect(green(200, 250)).toBeLessThan(120);
  expect(green(1000, 250)).toBeGreaterThan(240);
});
