import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DocumentPage } from '../../../src/runtime/document/document.js';
import { openDocument } from '../../../src/runtime/document/open.js';
import { multiPageTiff } from '../../helpers/pictures.js';

async function pagesOf(bytes: Uint8Array, maxPixels?: number): Promise<DocumentPage[]> {
  const document = await openDocument(bytes, maxPixels === undefined ? {} : { maxPixels });
  const pages: DocumentPage[] = [];
  for await (const page of document.pages()) pages.push(page);
  return pages;
}

const first = ({ image }: DocumentPage): number[] => [...image.data.subarray(0, 3)];

describe('openDocument', () => {
  it('reads a picture as a document of one page', async () => {
    const png = await sharp({ create: { width: 5, height: 4, channels: 3, background: '#102030' } })
      .png()
      .toBuffer();
    const [page, ...others] = await pagesOf(png);
    expect(others).toEqual([]);
    expect(page).toMatchObject({ number: 1, image: { width: 5, height: 4 } });
  });

  it('reads all pages of a TIFF file in their order', async () => {
    const tiff = await multiPageTiff(['#ff0000', '#00ff00', '#0000ff']);
    expect((await openDocument(tiff)).pageCount).toBe(3);
    const pages = await pagesOf(tiff);
    expect(pages.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(pages.map(first)).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ]);
  });

  it('does not read the chain of directories again for each page of a TIFF file', async () => {
    const read = vi.spyOn(DataView.prototype, 'getUint16');
    onTestFinished(() => read.mockRestore());
    const document = await openDocument(await multiPageTiff(['#ff0000', '#00ff00', '#0000ff', '#ffffff']));
    const reads: number[] = [];
    for await (const { number } of document.pages()) reads[number] = read.mock.calls.length;
    expect(reads[1]).toBeGreaterThan(0);
    expect(reads[4]).toBe(reads[1]);
  });

  it('reads another file that was written into the same array', async () => {
    const [one, two] = [await multiPageTiff(['#ff0000', '#0000ff']), await multiPageTiff(['#00ff00', '#0000ff'])];
    setSubfileType(two, 0, 1);
    const bytes = Buffer.alloc(Math.max(one.length, two.length));
    bytes.set(one);
    expect((await pagesOf(bytes)).map(first)).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
    bytes.set(two);
    expect((await pagesOf(bytes)).map(first)).toEqual([[0, 0, 255]]);
  });

  it('reads the first frame of an animated picture', async () => {
    const frames = await multiPageTiff(['#ff0000', '#0000ff']);
    const gif = await sharp(frames, { animated: true }).gif().toBuffer();
    const pages = await pagesOf(gif);
    expect(pages).toHaveLength(1);
    expect(pages.flatMap(first)[0]).toBeGreaterThan(250);
  });

  it('decodes a page only when the caller requests it', async () => {
    const document = await openDocument(await multiPageTiff(['#ff0000', '#0000ff']), { maxPixels: 1 });
    const pages = document.pages();
    await expect(pages.next()).rejects.toMatchObject({ code: 'image_too_large' });
  });

  it('takes a pyramid of smaller copies for one page, and reads the largest', async () => {
    const picture = sharp({ create: { width: 800, height: 600, channels: 3, background: '#fff' } });
    for (const bigtiff of [false, true]) {
      const pyramid = await picture.clone().tiff({ pyramid: true, tile: true, bigtiff }).toBuffer();
      expect((await sharp(pyramid).metadata()).pages).toBe(3);
      const document = await openDocument(pyramid);
      expect(document.pageCount).toBe(1);
      const [page, ...others] = await pagesOf(pyramid);
      expect(page?.image).toMatchObject({ width: 800, height: 600 });
      expect(others).toEqual([]);
    }
  });

  it.each([
    ['a smaller copy', 1],
    ['a mask', 4],
  ])('leaves out a directory that is %s, and reads the pages around it', async (_, type) => {
    const tiff = await multiPageTiff(['#ff0000', '#00ff00', '#0000ff']);
    setSubfileType(tiff, 1, type);
    expect((await openDocument(tiff)).pageCount).toBe(2);
    const pages = await pagesOf(tiff);
    expect(pages.map(({ number, image }) => [number, ...image.data.subarray(0, 3)])).toEqual([
      [1, 255, 0, 0],
      [2, 0, 0, 255],
    ]);
  });

  it('reads the first directory of a file that calls every directory a smaller copy', async () => {
    const tiff = await multiPageTiff(['#ff0000', '#00ff00']);
    setSubfileType(tiff, 0, 1);
    setSubfileType(tiff, 1, 1);
    const pages = await pagesOf(tiff);
    expect(pages.map(({ image }) => [...image.data.subarray(0, 3)])).toEqual([[255, 0, 0]]);
  });

  it('names the unreadable page of a damaged TIFF file', async () => {
    const tiff = await multiPageTiff(['#ff0000', '#0000ff']);
    const document = await openDocument(tiff);
    // The header of the second page declares a strip that is longer than a strip can be.
    tiff.fill(0xff, lastDirectory(tiff) + 2, tiff.length);
    const pages = document.pages();
    expect((await pages.next()).value).toMatchObject({ number: 1 });
    await expect(pages.next()).rejects.toMatchObject({
      code: 'image_unreadable',
      message: expect.stringMatching(/page 2 of 2: damaged TIFF/) as string,
    });
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('no picture')],
    ['a TIFF file of a header alone', Buffer.from('II*\0\u0008\0\0\0', 'latin1')],
  ])('refuses %s before any page is read', async (_, bytes) => {
    await expect(openDocument(bytes)).rejects.toMatchObject({ code: 'image_unreadable' });
  });
});

/** Overwrites NewSubfileType of a directory; the directories of `multiPageTiff` have it. */
function setSubfileType(tiff: Buffer, index: number, type: number): void {
  let directory = tiff.readUInt32LE(4);
  for (let i = 0; i < index; i++) directory = tiff.readUInt32LE(directory + 2 + 12 * tiff.readUInt16LE(directory));
  expect(tiff.readUInt16LE(directory + 2)).toBe(254);
  tiff.writeUInt32LE(type, directory + 10);
}

/** Offset of the last directory of a little-endian TIFF file. */
function lastDirectory(tiff: Buffer): number {
  let directory = tiff.readUInt32LE(4);
  for (;;) {
    const next = tiff.readUInt32LE(directory + 2 + 12 * tiff.readUInt16LE(directory));
    if (next === 0) return directory;
    directory = next;
  }
}
