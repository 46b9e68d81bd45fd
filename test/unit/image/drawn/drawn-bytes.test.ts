import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, readPictureInfo } from '../../../../src/runtime/image/decode.js';
import { drawnBytes } from '../../../../src/runtime/image/drawn/drawn-bytes.js';
import { fixtureBytes } from '../../../helpers/pictures.js';
import { png, pngChunk } from '../../../helpers/png.js';

const latin = (text: string) => Buffer.from(text, 'latin1');
const bomb = deflateSync(Buffer.alloc(50e6, 65));
const pixel = { width: 1, height: 1, rows: Buffer.from([0, 10, 20, 30]) };
const plain = png(pixel);

describe('a PNG file with parts that draw nothing', () => {
  it.each([
    ['a zTXt text', pngChunk('zTXt', Buffer.concat([latin('Comment\0\0'), bomb]))],
    ['an iTXt text', pngChunk('iTXt', Buffer.concat([latin('C\0\x01\0\0\0'), bomb]))],
    ['an iCCP profile', pngChunk('iCCP', Buffer.concat([latin('x\0\0'), bomb]))],
    ['a plain text', pngChunk('tEXt', latin('a\0b'))],
    ['EXIF data of 30 MB', pngChunk('eXIf', Buffer.concat([latin('II*\0'), Buffer.alloc(30e6)]))],
    ['a suggested palette', pngChunk('sPLT', Buffer.concat([latin('p\0\x08'), Buffer.alloc(6000)]))],
    ['a chunk of an unknown type', pngChunk('abCd', Buffer.alloc(100))],
    ['a resolution of a million bytes', pngChunk('pHYs', Buffer.alloc(1e6))],
  ])('is read without %s', async (_, chunk) => {
    for (const file of [png({ ...pixel, before: [chunk, chunk] }), png({ ...pixel, after: [chunk] })]) {
      expect(Buffer.from(drawnBytes(file, 'PNG', 1).bytes)).toEqual(plain);
      expect([...(await decodeImage(file)).data]).toEqual([10, 20, 30]);
    }
  });

  it('keeps its first orientation and its resolution', async () => {
    const file = await sharp(fixtureBytes('line.png')).withMetadata({ orientation: 6, density: 300 }).png().toBuffer();
    const upright = await sharp(fixtureBytes('line.png')).metadata();
    const { width, height } = await decodeImage(file);
    expect([height, width]).toEqual([upright.width, upright.height]);
    expect((await readPictureInfo(file)).dpi).toBe(300);
  });

  it('keeps what is left of a cut-off file', () => {
    const cut = png({ ...pixel, before: [pngChunk('tEXt', latin('a\0b'))] }).subarray(0, -20);
    expect(Buffer.from(drawnBytes(cut, 'PNG', 1).bytes)).toEqual(plain.subarray(0, plain.length - 20));
  });

  it('is returned itself if it has none', () => {
    expect(drawnBytes(plain, 'PNG', 1).bytes).toBe(plain);
  });
});

describe('a WebP file', () => {
  const frames = (count: number) => {
    const rows = Buffer.alloc(48 * count);
    for (let at = 0; at < rows.length; at += 3) rows[at] = 40 * Math.floor(at / 48);
    return sharp(rows, { raw: { width: 4, height: 4 * count, channels: 3, pageHeight: 4 } })
      .webp({ lossless: true })
      .toBuffer();
  };
  const chunk = (type: string, data: Uint8Array) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data]);
  };
  const withChunks = (file: Buffer, ...chunks: readonly Buffer[]) => {
    const longer = Buffer.concat([file, ...chunks]);
    longer.writeUInt32LE(longer.length - 8, 4);
    return longer;
  };

  it.each([
    ['a color profile of 10 MB', chunk('ICCP', Buffer.alloc(10e6))],
    ['XMP of 10 MB', chunk('XMP ', Buffer.alloc(10e6))],
    ['EXIF data of 10 MB', chunk('EXIF', Buffer.alloc(10e6))],
    ['a chunk of an unknown type', chunk('JUNK', Buffer.alloc(0))],
  ])('is read without %s', async (_, extra) => {
    const file = await frames(2);
    expect(Buffer.from(drawnBytes(withChunks(file, extra, extra), 'WebP', 2).bytes)).toEqual(file);
  });

  it('is opened with no more frames than are needed, and tells how many it has', async () => {
    const file = await frames(5);
    const first = drawnBytes(file, 'WebP', 1);
    expect(first.frames).toBe(5);
    expect(first.bytes.length).toBeLessThan(drawnBytes(file, 'WebP', 2).bytes.length);
    expect((await readPictureInfo(file)).pageCount).toBe(5);
    for (const page of [1, 3, 5]) {
      const { data } = await decodeImage(file, { page });
      expect(data[0]).toBe((page - 1) * 40);
    }
  });

  it('keeps its orientation', async () => {
    const file = await sharp(fixtureBytes('line.png'))
      .withMetadata({ orientation: 6 })
      .withIccProfile('p3')
      .webp()
      .toBuffer();
    const { width, height } = await decodeImage(file);
    expect(height).toBeGreaterThan(width);
  });
});

describe('a picture whose size costs more than its pixels', () => {
  const bmp = (width: number, height: number) => {
    const file = Buffer.alloc(154);
    file.write('BM');
    file.writeUInt32LE(54, 10);
    file.writeUInt32LE(40, 14);
    file.writeInt32LE(width, 18);
    file.writeInt32LE(height, 22);
    file.set([1, 0, 24, 0], 26);
    return file;
  };
  /** Gray, one strip; IMAGE WIDTH, LENGTH and the others that are required. */
  const tiff = (width: number, height: number) => {
    const entries = [
      [256, width],
      [257, height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, 200],
      [277, 1],
      [278, height],
      [279, 100],
    ];
    const file = Buffer.alloc(400);
    file.write('II*\0\b', 'latin1');
    file.writeUInt16LE(entries.length, 8);
    entries.forEach(([tag = 0, value = 0], i) => {
      file.set([tag & 255, tag >> 8, 4, 0, 1], 10 + i * 12);
      file.writeUInt32LE(value, 18 + i * 12);
    });
    return file;
  };
  it.each([
    ['PNG', (width: number, height: number) => png({ width, height, rows: Buffer.alloc(100) })],
    ['TIFF', tiff],
    ['BMP', bmp],
  ])('is refused by its header: %s', async (_, make) => {
    for (const [width, height] of [
      [1, 64_000_000],
      [64_000_000, 1],
      [64, 1_000_000],
      [100_001, 1],
    ] as const)
      await expect(decodeImage(make(width, height))).rejects.toMatchObject({
        code: 'image_too_long',
        details: { width, height, maxSide: 100_000 },
      });
  });
});

describe('a JPEG file with many scans', () => {
  const jpeg = fixtureBytes('demo.jpg');
  const firstScan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  const [head, scan, end] = [jpeg.subarray(0, firstScan), jpeg.subarray(firstScan, -2), jpeg.subarray(-2)];
  const scans = Buffer.concat(Array<Buffer>(501).fill(scan));
  const markers = Buffer.alloc(2000, Buffer.from([0xff, 0xda]));
  const segment = (kind: number, content: Uint8Array): Buffer => {
    const start = Buffer.from([0xff, kind, 0, 0]);
    start.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([start, content]);
  };

  it.each([
    ['after another', [head, scans, end]],
    ['and segments between them', [head, ...Array<Buffer>(501).fill(Buffer.concat([segment(0xfe, end), scan])), end]],
    ['and bytes between them', [head, ...Array<Buffer>(501).fill(Buffer.concat([scan, Buffer.alloc(3)])), end]],
    ['and filling bytes before their markers', [head, ...Array<Buffer>(501).fill(Buffer.from([0xff, 0xff, ...scan]))]],
    ['and restarts in them', [head, ...Array<Buffer>(501).fill(Buffer.from([...scan, 0xff, 0xd3])), end]],
    ['behind the end of a picture in a segment', [head, segment(0xe1, end), scans, end]],
    ['and no end', [head, scans]],
  ])('is refused with scans %s', async (_, parts) => {
    await expect(decodeImage(Buffer.concat(parts))).rejects.toThrow('it has 501 scans, and at most 500 are read');
  });

  it.each([
    ['a film behind the picture', [jpeg, markers]],
    ['a second picture', [jpeg, head, scans, end]],
    ['a segment before the scan', [jpeg.subarray(0, 2), segment(0xe1, markers), jpeg.subarray(2)]],
    ['a comment behind the scan', [jpeg.subarray(0, -2), segment(0xfe, markers), end]],
  ])('is read with the marker of a scan in %s', async (_, parts) => {
    const read = await decodeImage(Buffer.concat(parts));
    expect(Buffer.from(read.data).equals((await decodeImage(jpeg)).data)).toBe(true);
  });
});

it('reads each page of a TIFF file with more directories than libvips should follow', async () => {
  const rows = Buffer.alloc(12 * 150);
  for (let at = 0; at < rows.length; at += 3) rows[at] = Math.floor(at / 12);
  const file = await sharp(rows, { raw: { width: 2, height: 300, channels: 3, pageHeight: 2 } })
    .tiff({ compression: 'none' })
    .toBuffer();
  const before = Buffer.from(file);
  expect((await readPictureInfo(file)).pageCount).toBe(150);
  for (const page of [1, 75, 150]) expect((await decodeImage(file, { page })).data[0]).toBe(page - 1);
  expect(file).toEqual(before);
});
