import sharp, { type Sharp } from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { decodeImage } from '../../../src/runtime/image/decode.js';
import { loadSharp } from '../../../src/runtime/image/sharp.js';
import { bitmap } from '../../helpers/bitmap.js';
import { wideTiff } from '../../helpers/wide-tiff.js';
import { fixtureBytes } from '../../helpers/pictures.js';

/** 3 x 2 different pixels: red, green, blue above white, gray, black. */
const pixels = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 128, 128, 128, 0, 0, 0]);
const source = () => sharp(pixels, { raw: { width: 3, height: 2, channels: 3 } });

describe('decodeImage', () => {
  it.each([
    ['PNG', () => source().png()],
    ['TIFF', () => source().tiff({ compression: 'lzw' })],
    ['lossless WebP', () => source().webp({ lossless: true })],
    ['palette PNG', () => source().png({ palette: true })],
    ['GIF', () => source().gif()],
  ])('reads %s as interleaved R G B', async (_, encode) => {
    const image = await decodeImage(await encode().toBuffer());
    expect(image).toMatchObject({ width: 3, height: 2 });
    expect([...image.data]).toEqual([...pixels]);
  });

  it.each([
    [1, [0, 0]],
    [2, [2, 0]],
    [3, [2, 1]],
    [4, [0, 1]],
    [5, [0, 0]],
    [6, [1, 0]],
    [7, [1, 2]],
    [8, [0, 2]],
  ])('applies EXIF orientation %i, which moves the red pixel to %j', async (orientation, [x = 0, y = 0]) => {
    const bytes = await source().withMetadata({ orientation }).png().toBuffer();
    const { width, height, data } = await decodeImage(bytes);
    expect([width, height]).toEqual(orientation < 5 ? [3, 2] : [2, 3]);
    const at = (y * width + x) * 3;
    expect([...data.subarray(at, at + 3)]).toEqual([255, 0, 0]);
  });

  describe('a picture with transparent parts', () => {
    const rgba = (pixels: readonly number[]) =>
      sharp(Buffer.from(pixels), { raw: { width: pixels.length / 4, height: 1, channels: 4 } });
    const hidden = [10, 20, 30, 0];

    it.each([
      ['white, under dark letters', [...hidden, 40, 50, 60, 255], [255, 255, 255, 40, 50, 60]],
      ['black, under light letters', [250, 250, 250, 0, 250, 240, 230, 255], [0, 0, 0, 250, 240, 230]],
      [
        'gray, under letters of both kinds',
        [0, 0, 0, 255, ...hidden, 255, 255, 255, 255],
        [0, 0, 0, 128, 128, 128, 255, 255, 255],
      ],
      [
        'mixed in where a pixel is half transparent',
        [0, 0, 0, 255, 0, 0, 0, 128, ...hidden],
        [0, 0, 0, 127, 127, 127, 255, 255, 255],
      ],
    ])('gets a ground: %s', async (_, pixels, expected) => {
      expect([...(await decodeImage(await rgba(pixels).png().toBuffer())).data]).toEqual(expected);
    });

    it.each([
      ['opaque', 255],
      ['transparent all over', 0],
      ['half transparent all over', 100],
    ])('keeps its bytes if it is %s', async (_, alpha) => {
      const bytes = await rgba([10, 20, 30, alpha, 40, 50, 60, alpha]).png().toBuffer();
      expect([...(await decodeImage(bytes)).data]).toEqual([10, 20, 30, 40, 50, 60]);
    });

    it('drops alpha if asked for the stored samples', async () => {
      const bytes = await rgba([...hidden, 40, 50, 60, 255])
        .png()
        .toBuffer();
      expect([...(await decodeImage(bytes, { asStored: true })).data]).toEqual([10, 20, 30, 40, 50, 60]);
    });

    it.each([
      ['PNG', (picture: Sharp) => picture.png()],
      ['gray PNG', (picture: Sharp) => picture.toColourspace('b-w').png()],
      ['palette PNG', (picture: Sharp) => picture.png({ palette: true })],
      ['WebP', (picture: Sharp) => picture.webp({ lossless: true, exact: true })],
      ['GIF', (picture: Sharp) => picture.gif()],
      ['TIFF', (picture: Sharp) => picture.tiff({ compression: 'lzw' })],
      ['16-bit PNG', (picture: Sharp) => picture.toColourspace('rgb16').png()],
    ])('is read in %s', async (_, encode) => {
      const bytes = await encode(rgba([0, 0, 0, 0, 0, 0, 0, 255])).toBuffer();
      expect([...(await decodeImage(bytes)).data]).toEqual([255, 255, 255, 0, 0, 0]);
    });
  });

  it('repeats gray in all three channels', async () => {
    const bytes = await sharp(Buffer.from([7, 200]), { raw: { width: 2, height: 1, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect([...(await decodeImage(bytes)).data]).toEqual([7, 7, 7, 200, 200, 200]);
  });

  it('keeps the upper byte of 16 bits', async () => {
    const raw = Uint16Array.of(0x12ff, 0x8000, 0xffff);
    const bytes = await sharp(raw, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect([...(await decodeImage(bytes)).data]).toEqual([0x12, 0x80, 0xff]);
  });

  it.each([
    [8, [0, 100, 255], [0, 100, 255]],
    [10, [0, 512, 1023], [0, 128, 255]],
    [12, [0, 2048, 4095], [0, 128, 255]],
  ])('keeps the upper byte of %i bits in 16', async (_, samples, expected) => {
    const bytes = await sharp(Uint16Array.from(samples), { raw: { width: 3, height: 1, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect([...(await decodeImage(bytes)).data].filter((__, i) => i % 3 === 0)).toEqual(expected);
    const stored = await decodeImage(bytes, { asStored: true });
    expect([...stored.data].filter((__, i) => i % 3 === 0)).toEqual(samples.map((value) => value >> 8));
  });

  it.each([
    ['0 to 1', Float32Array.of(0, 0.5, 1), [0, 128, 255]],
    ['0 to 255', Float32Array.of(0, 100, 255), [0, 100, 255]],
    ['0 to 65,535', Float32Array.of(0, 25_700, 65_535), [0, 100, 255]],
    ['a narrow range', Float32Array.of(1000, 1050, 1100), [0, 127, 255]],
    ['negative values', Float32Array.of(-1, 0, 1), [0, 128, 255]],
    ['infinity and NaN', Float32Array.of(Number.NaN, Infinity, 1), [0, 255, 255]],
    ['one value', Float32Array.of(-5, -5, -5), [0, 0, 0]],
  ])('reads a TIFF of floating-point samples: %s', async (_, data, expected) => {
    const bytes = wideTiff({ width: 3, height: 1, channels: 1, data, bits: 32, format: 3 });
    expect([...(await decodeImage(bytes)).data].filter((__, i) => i % 3 === 0)).toEqual(expected);
  });

  it('reads TIFF files of 32-bit integers and of floating-point colors', async () => {
    const integers = Uint32Array.of(0, 2 ** 31, 2 ** 32 - 1);
    const gray = await decodeImage(wideTiff({ width: 3, height: 1, channels: 1, data: integers, bits: 32, format: 1 }));
    expect([...gray.data]).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255]);
    const colors = Float32Array.of(1, 0, 0, 0, 0.2, 1);
    const color = await decodeImage(wideTiff({ width: 2, height: 1, channels: 3, data: colors, bits: 32, format: 3 }));
    expect([...color.data]).toEqual([255, 0, 0, 0, 51, 255]);
  });

  it('reads the rows of a BMP from bottom to top', async () => {
    const bytes = bitmap({ width: 1, height: 2, bits: 24, pixels: [1, 2, 3, 0, 4, 5, 6, 0] });
    expect([...(await decodeImage(bytes)).data]).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('reads a truncated JPEG up to its end', async () => {
    const whole = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#c80000' } })
      .jpeg()
      .toBuffer();
    const image = await decodeImage(whole.subarray(0, Math.floor(whole.length * 0.7)));
    expect([image.width, image.height]).toEqual([400, 400]);
    expect(image.data[0]).toBeGreaterThan(190);
  });

  it.each([
    ['truncated GIF', 'gif', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.7))],
    ['TIFF with damaged strips', 'tiff', (bytes: Buffer) => bytes.fill(0x55, bytes.length / 2, bytes.length * 0.7)],
  ] as const)('reads a %s up to the damage', async (_, format, damage) => {
    const bytes = await sharp(fixtureBytes('demo.jpg')).toFormat(format).toBuffer();
    const whole = await decodeImage(bytes);
    const damaged = await decodeImage(damage(Buffer.from(bytes)));
    expect(Buffer.compare(damaged.data, whole.data)).not.toBe(0);
    const part = whole.data.length / 4;
    expect(Buffer.compare(damaged.data.subarray(0, part), whole.data.subarray(0, part))).toBe(0);
  });

  it.each([
    ['an unknown compression', 9999, /^damaged TIFF: .*9999/],
    ['another compression than its strips have', 7, /^damaged TIFF: .*JPEG/],
  ])('refuses a TIFF file with %s, of which no pixel can be decoded', async (_, compression, reason) => {
    const tiff = await sharp(fixtureBytes('line.png')).tiff({ compression: 'lzw' }).toBuffer();
    setCompression(tiff, compression);
    await expect(decodeImage(tiff)).rejects.toMatchObject({
      code: 'image_unreadable',
      details: { reason: expect.stringMatching(reason) as string },
    });
  });

  const box = (brand: string): string => `\0\0\0\x18ftyp${brand}\0\0\0\0mif1`;
  it.each([
    ['HEIC', box('heic')],
    ['HEIC', box('mif1')],
    ['AVIF', box('avif')],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 '],
    ['JPEG 2000', '\xff\x4f\xff\x51\0\x2f'],
    ['JPEG XL', '\xff\x0a\xfa\x1f'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['SVG', '\xef\xbb\xbf  <?xml version="1.0"?>\n<!-- made by hand -->\n<svg/>'],
    ['HTML', '<!doctype html><title>404</title>'],
    ['JSON', '{"error": "not found"}'],
    ['Photoshop', '8BPS\0\x01'],
    ['gzip', '\x1f\x8b\x08\0'],
    ['ZIP', 'PK\x03\x04\x14\0\0\0\0\0'],
    ['PDF', '%PDF-1.7\n'],
    ['base64 text', 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptV\n'],
    ['base64 text', 'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/'],
  ])('names %s, which it does not read', async (format, start) => {
    const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(40)]);
    await expect(decodeImage(bytes)).rejects.toMatchObject({ code: 'format_unsupported', details: { format } });
  });

  it('refuses a truncated PNG of which no pixel can be decoded', async () => {
    const png = fixtureBytes('line.png');
    await expect(decodeImage(png.subarray(0, png.length / 2))).rejects.toMatchObject({ code: 'image_unreadable' });
  });

  it.each([
    ['nothing', Buffer.alloc(0), /empty/],
    ['text', Buffer.from('hello, I am no picture'), /unsupported image format/],
    [
      'a PNG signature alone',
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      /^damaged PNG: Input buffer has corrupt header$/,
    ],
    ['half a BMP header', Buffer.from('BM1234567'), /damaged BMP/],
    ['a BMP without pixels', bitmap({ width: 50, height: 50, bits: 24, pixels: [] }), /damaged BMP/],
  ])('refuses %s with the reason', async (_, bytes, reason) => {
    await expect(decodeImage(bytes)).rejects.toMatchObject({
      code: 'image_unreadable',
      details: { reason: expect.stringMatching(reason) as string },
    });
  });

  it.each([
    ['PNG', () => source().png().toBuffer()],
    ['BMP', () => Promise.resolve(bitmap({ width: 3, height: 2, bits: 24, pixels: [] }))],
  ])('refuses a %s above the pixel limit by its header', async (_, encode) => {
    const refused = decodeImage(await encode(), { maxPixels: 5 });
    await expect(refused).rejects.toMatchObject({
      code: 'image_too_large',
      details: { width: 3, height: 2, maxPixels: 5 },
    });
  });
});

/** Overwrites the tag Compression of the first directory. */
function setCompression(tiff: Buffer, compression: number): void {
  const directory = tiff.readUInt32LE(4);
  const entries = Array.from({ length: tiff.readUInt16LE(directory) }, (_, i) => directory + 2 + 12 * i);
  const entry = entries.find((at) => tiff.readUInt16LE(at) === 259) ?? 0;
  tiff.writeUInt16LE(compression, entry + 8);
}

describe('the time of a picture', () => {
  const { prototype: sharpPrototype } = loadSharp() as unknown as { prototype: Sharp };
  it.each([
    ['30 s, if none is given', undefined, 30],
    ['the seconds that are given', 8, 8],
    ['a whole second at least', 0.5, 1],
    ['an hour at most, which is the most that the library takes', 43_200, 3600],
  ])('ends after %s', async (_, maxSeconds, seconds) => {
    const limit = vi.spyOn(sharpPrototype, 'timeout');
    await decodeImage(await source().png().toBuffer(), { maxSeconds });
    expect(limit.mock.calls).toEqual([[{ seconds }]]);
    limit.mockRestore();
  });

  it.each<[string, () => Promise<Buffer>, number]>([
    [
      'a damaged picture',
      async () => {
        const jpeg = await sharp({ create: { width: 200, height: 200, channels: 3, background: 'red' } })
          .jpeg()
          .toBuffer();
        return jpeg.subarray(0, jpeg.length - 60);
      },
      2,
    ],
    [
      'a dark picture of 16 bits',
      () =>
        sharp(new Uint16Array(64).fill(9), { raw: { width: 8, height: 8, channels: 1 } })
          .toColourspace('grey16')
          .png()
          .toBuffer(),
      2,
    ],
  ])('is that of all tries together: %s', async (_, make, tries) => {
    const bytes = await make();
    const begin = performance.now();
    // Each try takes 12 seconds.
    let passed = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => begin + passed * 1000);
    const limit = vi.spyOn(sharpPrototype, 'timeout').mockImplementation(function (this: Sharp) {
      passed += 12;
      return this;
    });
    try {
      await decodeImage(bytes, { maxSeconds: 30 });
      expect(limit.mock.calls).toEqual([[{ seconds: 30 }], [{ seconds: 18 }]].slice(0, tries));
      await expect(decodeImage(bytes, { maxSeconds: 10 })).rejects.toMatchObject({
        code: 'image_too_costly',
        message: 'the file is refused: it takes more than 10 s to decode',
      });
    } finally {
      for (const spy of [clock, limit]) spy.mockRestore();
    }
  });

  it('is told when it is over, and the picture is not tried again', async () => {
    const png = await source().png().toBuffer();
    const decode = vi.spyOn(sharpPrototype, 'toBuffer').mockRejectedValue(new Error('timeout: 42% complete'));
    await expect(decodeImage(png)).rejects.toMatchObject({
      code: 'image_too_costly',
      message: 'the file is refused: it takes more than 30 s to decode',
    });
    expect(decode).toHaveBeenCalledOnce();
    decode.mockRestore();
  });
});
