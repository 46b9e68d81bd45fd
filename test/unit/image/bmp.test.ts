import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { decodeImage } from '../../../src/runtime/image/decode.js';
import type { OcrHubError } from '../../../src/runtime/errors/error.js';
import { bitmap, type BitmapParts } from '../../helpers/bitmap.js';

const red = [255, 0, 0] as const;
const green = [0, 255, 0] as const;
const blue = [0, 0, 255] as const;
const white = [255, 255, 255] as const;
const black = [0, 0, 0] as const;

async function pixels(parts: BitmapParts): Promise<number[]> {
  return [...(await decodeImage(bitmap(parts))).data];
}

/** 3 x 2 pixels: red, green, blue above white, black, red. */
const picture = [red, green, blue, white, black, red].flat();
const palette = [black, red, green, blue, white];
const masks565 = [0xf800, 0x07e0, 0x001f];

describe('a BMP', () => {
  const size = { width: 3, height: 2 };
  const cases: readonly (readonly [name: string, parts: BitmapParts])[] = [
    ['8 bits', { ...size, bits: 8, palette, pixels: [4, 0, 1, 0, 1, 2, 3, 0] }],
    ['4 bits, an odd width', { ...size, bits: 4, palette, pixels: [0x40, 0x10, 0, 0, 0x12, 0x30, 0, 0] }],
    [
      '24 bits',
      { ...size, bits: 24, pixels: [...white, ...black, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0] },
    ],
    [
      '32 bits',
      {
        ...size,
        bits: 32,
        pixels: [...white, 9, ...black, 9, 0, 0, 255, 9, 0, 0, 255, 9, 0, 255, 0, 9, 255, 0, 0, 9],
      },
    ],
    [
      '32 bits with masks, R first',
      {
        ...size,
        bits: 32,
        compression: 3,
        header: 108,
        masks: [0xff, 0xff00, 0xff0000],
        pixels: [...white, 9, ...black, 9, ...red, 9, ...red, 9, ...green, 9, ...blue, 9],
      },
    ],
    [
      '32 bits with a mask that reaches the highest bit',
      {
        ...size,
        bits: 32,
        compression: 3,
        masks: [0xff000000, 0xff0000, 0xff00],
        pixels: [9, 255, 255, 255, 9, 0, 0, 0, 9, 0, 0, 255, 9, 0, 0, 255, 9, 0, 255, 0, 9, 255, 0, 0],
      },
    ],
    [
      '16 bits, five per color',
      { ...size, bits: 16, pixels: [0xff, 0x7f, 0, 0, 0, 0x7c, 0, 0, 0, 0x7c, 0xe0, 0x03, 0x1f, 0, 0, 0] },
    ],
    [
      '16 bits, six for green',
      {
        ...size,
        bits: 16,
        compression: 3,
        masks: masks565,
        pixels: [0xff, 0xff, 0, 0, 0, 0xf8, 0, 0, 0, 0xf8, 0xe0, 0x07, 0x1f, 0, 0, 0],
      },
    ],
    ['rows from top to bottom', { width: 3, height: -2, bits: 8, palette, pixels: [1, 2, 3, 0, 4, 0, 1, 0] }],
    ['a header of OS/2', { ...size, header: 12, bits: 8, palette, pixels: [4, 0, 1, 0, 1, 2, 3, 0] }],
    ['the longest header', { ...size, header: 124, bits: 8, palette, pixels: [4, 0, 1, 0, 1, 2, 3, 0] }],
    ['a gap before its pixels', { ...size, bits: 8, palette, announced: 5, gap: 10, pixels: [4, 0, 1, 0, 1, 2, 3, 0] }],
    [
      'a palette of the announced length',
      { ...size, bits: 8, palette, announced: 5, pixels: [4, 0, 1, 0, 1, 2, 3, 0] },
    ],
    [
      'a pixel offset inside the header',
      { ...size, bits: 8, palette, announced: 5, offset: 0, pixels: [4, 0, 1, 0, 1, 2, 3, 0] },
    ],
    ['a last row without its padding', { ...size, bits: 8, palette, pixels: [4, 0, 1, 0, 1, 2, 3] }],
    [
      'RLE8: runs, literals, ends of rows',
      { ...size, bits: 8, compression: 1, palette, pixels: [1, 4, 1, 0, 1, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1] },
    ],
    [
      'RLE4: runs of two colors, literals',
      { ...size, bits: 4, compression: 2, palette, pixels: [2, 0x40, 1, 0x10, 0, 0, 0, 3, 0x12, 0x30, 0, 1] },
    ],
    [
      'RLE8 with runs beyond the end of a row',
      {
        ...size,
        bits: 8,
        compression: 1,
        palette,
        pixels: [1, 4, 1, 0, 9, 1, 0, 0, 0, 5, 1, 2, 3, 4, 4, 0, 0, 0, 9, 1, 0, 1],
      },
    ],
  ];
  it.each(cases)('is decoded: %s', async (_, parts) => {
    expect(await decodeImage(bitmap(parts))).toMatchObject(size);
    expect(await pixels(parts)).toEqual(picture);
  });

  it('of 1 bit a pixel has the colors of its palette, in every width', async () => {
    for (const width of [1, 7, 8, 9, 31, 32, 33]) {
      const stride = Math.ceil(width / 32) * 4;
      const rows = Array.from({ length: stride * 2 }, (_, i) => (i * 37 + 11) & 0xff);
      const expected = [1, 0].flatMap((row) =>
        Array.from({ length: width }, (_, x) =>
          ((rows[row * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? white : blue,
        ).flat(),
      );
      expect(await pixels({ width, height: 2, bits: 1, palette: [blue, white], pixels: rows })).toEqual(expected);
    }
  });

  it('in gray has the same pixels as the PNG', async () => {
    const [width, height] = [251, 40];
    const gray = Buffer.from(Array.from({ length: width * height }, (_, i) => (i * 7) % 256));
    const png = sharp(gray, { raw: { width, height, channels: 1 } }).png();
    const shades = Array.from({ length: 256 }, (_, i) => [i, i, i] as const);
    const rows = Array.from({ length: height }, (_, y) => [...gray.subarray(y * width, (y + 1) * width), 0]);
    const parts = { width, height, bits: 8, palette: shades, pixels: rows.reverse().flat() };
    expect(Buffer.from(await pixels(parts)).equals((await decodeImage(await png.toBuffer())).data)).toBe(true);
  });

  it('of 16 bits a pixel has its gray scaled to the full range', async () => {
    expect(await pixels({ width: 1, height: 1, bits: 16, pixels: [0x10, 0x42, 0, 0] })).toEqual([132, 132, 132]);
  });

  it('in RLE skips the pixels of a delta and stops at the end mark', async () => {
    const size = { width: 3, height: 3, bits: 8, compression: 1, palette };
    const skipped = await pixels({ ...size, pixels: [1, 1, 0, 2, 1, 1, 1, 2, 0, 1] });
    expect(skipped).toEqual([black, black, black, black, black, green, red, black, black].flat());
  });

  it('shows black for a color that is missing in its palette', async () => {
    const parts = { width: 4, height: 1, bits: 8, palette: [white, red], announced: 256, pixels: [0, 1, 2, 255] };
    expect(await pixels(parts)).toEqual([white, red, black, black].flat());
  });
});

describe('a damaged BMP', () => {
  const whole: BitmapParts = { width: 50, height: 40, bits: 8, palette, pixels: [] };
  const cases: readonly (readonly [name: string, parts: BitmapParts, reason: RegExp])[] = [
    ['pixels that are cut off', { ...whole, pixels: new Array<number>(2000).fill(1) }, /it ends inside its pixels/],
    ['no pixels', whole, /it ends inside its pixels/],
    ['an offset beyond its end', { ...whole, offset: 0xffffffff }, /it ends inside its pixels/],
    ['a palette of four billion colors', { ...whole, announced: 0xffffffff, offset: 0 }, /it ends inside its pixels/],
    ['RLE that is cut off', { ...whole, compression: 1, pixels: [50, 1, 0] }, /it ends inside its pixels/],
    [
      'RLE whose literals are cut off',
      { ...whole, compression: 1, pixels: [0, 40, 1, 2] },
      /it ends inside its pixels/,
    ],
    ['RLE of no bytes', { ...whole, compression: 1 }, /it ends inside its pixels/],
    ['masks that are cut off', { ...whole, bits: 16, compression: 3, palette: [] }, /it ends inside the header/],
    ['no width', { ...whole, width: 0 }, /its size is 0 x 40/],
    ['a negative width', { ...whole, width: -50 }, /its size is -50 x 40/],
    ['no height', { ...whole, height: 0 }, /its size is 50 x 0/],
    ['a header of no known length', { ...whole, header: 44 }, /its header has 44 bytes/],
    ['5 bits', { ...whole, bits: 5 }, /5 bits a pixel with compression 0/],
    ['RLE8 of 4 bits', { ...whole, bits: 4, compression: 1 }, /4 bits a pixel with compression 1/],
    ['a JPEG inside', { ...whole, bits: 24, compression: 4 }, /24 bits a pixel with compression 4/],
  ];
  it.each(cases)('is refused with the reason: %s', async (_, parts, reason) => {
    await expect(decodeImage(bitmap(parts))).rejects.toMatchObject({
      code: 'image_unreadable',
      details: { reason: expect.stringMatching(reason) as string },
    });
  });

  const small = { width: 9, height: 3, palette };
  const row = (bytes: number): number[] => Array.from({ length: bytes * 3 }, (_, i) => (i * 37) & 0xff);
  const kinds: readonly (readonly [name: string, parts: BitmapParts])[] = [
    ['RLE8', { ...small, bits: 8, compression: 1, pixels: [9, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 1, 1, 3, 2, 0, 1] }],
    [
      'RLE4',
      { ...small, bits: 4, compression: 2, pixels: [9, 0x12, 0, 0, 0, 3, 0x12, 0x30, 0, 2, 1, 1, 3, 0x11, 0, 1] },
    ],
    ['1 bit', { ...small, bits: 1, pixels: row(4) }],
    ['8 bits, OS/2', { ...small, bits: 8, header: 12, pixels: row(12) }],
    ['24 bits', { ...small, bits: 24, palette: [], pixels: row(28) }],
    ['16 bits with masks', { ...small, bits: 16, compression: 3, palette: [], masks: masks565, pixels: row(20) }],
    [
      '32 bits with masks in the header',
      {
        ...small,
        bits: 32,
        compression: 3,
        palette: [],
        header: 108,
        masks: [0xff, 0xff00, 0xff0000],
        pixels: row(36),
      },
    ],
  ];
  it.each(kinds)(
    'is read or refused with an error of the decoder after any byte is changed or the end is cut off: %s',
    async (_, parts) => {
      const file = bitmap(parts);
      const places = [...file.keys()];
      const damaged = [
        file,
        ...places.map((length) => file.subarray(0, length)),
        ...places.flatMap((at) =>
          [0, 1, 0x7f, 0x80, 0xff].map((value) => Buffer.from(file.map((byte, i) => (i === at ? value : byte)))),
        ),
      ];
      const outcomes = await Promise.all(
        damaged.map((bytes) => decodeImage(bytes, { maxPixels: 1e5 }).catch((error: unknown) => error as OcrHubError)),
      );
      expect(outcomes[0]).not.toBeInstanceOf(Error);
      for (const outcome of outcomes) {
        if (outcome instanceof Error) {
          expect(outcome).toMatchObject({ code: expect.stringMatching(/^image_/) as string });
          // JavaScript's own messages about an access out of range: the decoder forgot a check.
          expect(outcome.message).not.toMatch(/bounds|offset|invalid/i);
        } else expect(outcome.data).toHaveLength(outcome.width * outcome.height * 3);
      }
    },
  );
});
