import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/runtime/image/decode.js';
import { bitmap } from '../../helpers/bitmap.js';
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

  it('drops alpha, so that a transparent pixel keeps its color', async () => {
    const raw = Buffer.from([10, 20, 30, 0, 40, 50, 60, 255]);
    const bytes = await sharp(raw, { raw: { width: 2, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(bytes)).data]).toEqual([10, 20, 30, 40, 50, 60]);
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
