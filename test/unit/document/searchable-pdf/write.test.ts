import { PDFDocument } from '@cantoo/pdf-lib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeSearchablePdf } from '../../../../src/runtime/document/searchable-pdf/write.js';
import type { ReadDocument } from '../../../../src/runtime/document/read-document.js';
import { packageVersion } from '../../../../src/runtime/package.js';
import { fixtureBytes, multiPageTiff } from '../../../helpers/pictures.js';
import { makePdf } from '../../../helpers/pdf.js';
import { boxIou, lineOf, pageOf, picturesIn, readBack, turnedBox } from '../../../helpers/searchable-pdf.js';

const hello = lineOf('Hello world', turnedBox([100, 100], [400, 40]));

async function picture(format: 'jpeg' | 'png' = 'jpeg', width = 800, height = 600): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#ddd' } })
    .toFormat(format)
    .toBuffer();
}

async function jpegDocument(lines = [hello]): Promise<ReadDocument> {
  return { name: 'scan.jpg', bytes: await picture(), pages: [pageOf(lines, { dpi: 200 })] };
}

describe('a picture as a searchable PDF file', () => {
  it('shows the picture, and has the text at its place', async () => {
    const [page, ...others] = await readBack(await writeSearchablePdf([await jpegDocument()]));
    expect(others).toEqual([]);
    expect([page?.width, page?.height]).toEqual([800, 600]);
    expect(page?.lines).toEqual(['Hello world']);
    expect(page?.words.map(({ text }) => text)).toEqual(['Hello', 'world']);
    expect(boxIou(page?.words.flatMap(({ region }) => [...region]) ?? [], hello.text_region)).toBeGreaterThan(0.95);
    expect([...(page?.image.data ?? [])].every((value) => Math.abs(value - 0xdd) < 3)).toBe(true);
  });

  it('is the same for the same documents, and has no time of its own', async () => {
    const document = await jpegDocument();
    const [first, second] = [await writeSearchablePdf([document]), await writeSearchablePdf([document])];
    expect(Buffer.compare(first, second)).toBe(0);
    const pdf = await PDFDocument.load(first, { updateMetadata: false });
    expect([pdf.getProducer(), pdf.getCreationDate()]).toEqual([`ocrhub ${packageVersion}`, undefined]);
  });

  it('has the time that the caller gives', async () => {
    const created = new Date('2026-11-30T12:34:56Z');
    const bytes = await writeSearchablePdf([await jpegDocument()], { created });
    const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
    expect(pdf.getCreationDate()).toEqual(created);
  });

  it.each([
    [300, undefined, 192],
    [undefined, 300, 192],
    [undefined, undefined, 288],
    [5, undefined, 288],
    [undefined, 5000, 288],
  ])('has pages of the size of the paper: %s dpi as read, %s in the file', async (dpi, density, points) => {
    const plain = sharp({ create: { width: 800, height: 600, channels: 3, background: '#fff' } }).png();
    const bytes = await (density === undefined ? plain : plain.withMetadata({ density })).toBuffer();
    const pdf = await writeSearchablePdf([{ name: '', bytes, pages: [pageOf([], { dpi })] }]);
    expect((await PDFDocument.load(pdf)).getPage(0).getWidth()).toBeCloseTo(points, 0);
  });

  it('is no larger than readers allow', async () => {
    const bytes = await picture('png', 20_000, 10);
    const pdf = await writeSearchablePdf([
      { name: '', bytes, pages: [pageOf([], { width: 20_000, height: 10, dpi: 72 })] },
    ]);
    expect((await PDFDocument.load(pdf)).getPage(0).getSize()).toEqual({ width: 14_400, height: 7.2 });
  });

  it('is at most 3 kB and the text larger than the picture', async () => {
    const text = 'The quick brown fox jumps over the lazy dog, and 42 more of them follow';
    const lines = Array.from({ length: 30 }, (_, i) => lineOf(text, turnedBox([40, 10 + i * 19], [720, 16])));
    const document = await jpegDocument(lines);
    const pdf = await writeSearchablePdf([document]);
    expect(pdf.length - document.bytes.length).toBeLessThan(3000 + 30 * text.length);
    const [page] = await readBack(pdf);
    expect(page?.lines).toEqual(lines.map((line) => line.text));
  });

  it.each(['jpeg', 'png', 'ccittfax4', 'lzw', 'deflate'] as const)(
    'is hardly larger than its file: %s',
    async (coding) => {
      const scan = sharp(fixtureBytes('page.png')).removeAlpha();
      const { width, height } = await scan.metadata();
      const black = scan.clone().greyscale().threshold(128).toColourspace('b-w');
      const bytes = await (
        coding === 'jpeg' || coding === 'png'
          ? scan.toFormat(coding)
          : coding === 'ccittfax4'
            ? black.tiff({ compression: coding, bitdepth: 1 })
            : scan.tiff({ compression: coding })
      ).toBuffer();
      const pdf = await writeSearchablePdf([{ name: '', bytes, pages: [pageOf([], { width, height })] }]);
      expect(pdf.length).toBeLessThan(bytes.length + 3000);
    },
  );

  it('has a page without text for a page on which nothing was read', async () => {
    const [page] = await readBack(await writeSearchablePdf([await jpegDocument([])]));
    expect(page).toMatchObject({ width: 800, height: 600, lines: [] });
  });

  it('has no pages for no documents', async () => {
    const pdf = await PDFDocument.load(await writeSearchablePdf([]));
    expect(pdf.getPageCount()).toBe(0);
  });
});

describe('several pages and documents', () => {
  it('has a page for each page of a TIFF file that was read, in the order of reading', async () => {
    const bytes = await multiPageTiff(['#ff0000', '#00ff00', '#0000ff']);
    const page = (number: number): ReturnType<typeof pageOf> =>
      pageOf([lineOf(`page ${number}`, turnedBox([2, 2], [26, 10]))], { number, width: 30, height: 20 });
    const found = await readBack(await writeSearchablePdf([{ name: 'a.tiff', bytes, pages: [page(3), page(1)] }]));
    expect(found.map(({ lines }) => lines)).toEqual([['page 3'], ['page 1']]);
    expect(found.map(({ image }) => [...image.data.subarray(0, 3)])).toEqual([
      [0, 0, 255],
      [255, 0, 0],
    ]);
  });

  it('puts pictures and PDF files into one file', async () => {
    const pdf = await makePdf([{ picture: await picture('png') }, { text: ['own text'] }]);
    const read = { number: 1, width: 1653, height: 2339 };
    const line = lineOf('from a scan', turnedBox([200, 300], [500, 60]));
    const documents = [
      await jpegDocument(),
      { name: 'b.pdf', bytes: pdf, pages: [pageOf([line], read)] },
      await jpegDocument([lineOf('又一页', turnedBox([100, 100], [300, 90]))]),
    ];
    const bytes = await writeSearchablePdf(documents);
    const found = await readBack(bytes);
    expect(found.map(({ lines }) => lines)).toEqual([['Hello world'], ['from a scan'], ['own text'], ['又一页']]);
    expect(boxIou(found[1]?.words.flatMap(({ region }) => [...region]) ?? [], line.text_region)).toBeGreaterThan(0.9);
    expect((await PDFDocument.load(bytes, { updateMetadata: false })).getProducer()).toBe(`ocrhub ${packageVersion}`);
    expect(Buffer.compare(bytes, await writeSearchablePdf(documents))).toBe(0);
  });

  it('has a number of objects that grows linearly with its pages', async () => {
    const document = await jpegDocument();
    const objects = async (count: number): Promise<number> => {
      const pdf = await writeSearchablePdf(Array.from({ length: count }, () => document));
      return (await PDFDocument.load(pdf)).context.enumerateIndirectObjects().length;
    };
    const [one, two, twenty] = [await objects(1), await objects(2), await objects(20)];
    expect(two - one).toBe(3);
    expect(twenty - one).toBe(19 * 3);
  });
});

describe('the picture on the page', () => {
  /** Red at the left, green at the right, blue below. */
  const colors = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255]);

  const picturePage = { width: 200, height: 200 };
  const source = (): Sharp =>
    sharp(colors, { raw: { width: 2, height: 2, channels: 3 } }).resize(200, 200, { kernel: 'nearest' });

  const quarters = ({ image }: { image: { width: number; data: Uint8Array } }): string =>
    [
      [50, 50],
      [150, 50],
      [50, 150],
      [150, 150],
    ]
      .map(([x = 0, y = 0]) => {
        const at = (y * image.width + x) * 3;
        return 'rgb'[
          [0, 1, 2].reduce((best, c) => ((image.data[at + c] ?? 0) > (image.data[at + best] ?? 0) ? c : best), 0)
        ];
      })
      .join('');

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is upright with the EXIF orientation %d, as the same bytes',
    async (orientation) => {
      const bytes = await source().withMetadata({ orientation }).jpeg().toBuffer();
      const upright = await sharp(bytes).autoOrient().raw().toBuffer();
      const pdf = await writeSearchablePdf([{ name: '', bytes, pages: [pageOf([], { ...picturePage, dpi: 200 })] }]);
      const [page] = await readBack(pdf);
      expect(page && quarters(page)).toBe(quarters({ image: { width: 200, data: upright } }));
      expect(Buffer.compare((await picturesIn(pdf))[0]?.data ?? Buffer.of(), bytes)).toBe(0);
    },
  );

  it.each([
    [0, 'rgbb'],
    [90, 'brbg'],
    [180, 'bbgr'],
    [270, 'gbrb'],
  ] as const)('is turned as the page was turned before it was read: %d', async (rotation, expected) => {
    const page = pageOf([lineOf('turned', turnedBox([20, 20], [100, 30]))], { ...picturePage, dpi: 200, rotation });
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const bytes = await source().toFormat(format).toBuffer();
      const [found] = await readBack(await writeSearchablePdf([{ name: '', bytes, pages: [page] }]));
      expect(found && quarters(found)).toBe(expected);
      expect(found?.lines).toEqual(['turned']);
    }
  });

  it.each([
    'alpha.png',
    'cmyk.jpg',
    'exif-6.jpg',
    'grey.png',
    'palette.gif',
    'palette.png',
    'sixteen-bit.png',
    'page.bmp',
    'page.tiff',
    'page.webp',
    'truncated.jpg',
  ])('looks as the pipeline sees it: %s', async (name) => {
    const { openDocument } = await import('../../../../src/runtime/document/open.js');
    const bytes = fixtureBytes(name);
    const { image } = await (await openDocument(bytes)).page(1);
    const { width, height } = image;
    const pdf = await writeSearchablePdf([{ name, bytes, pages: [pageOf([], { width, height, dpi: 200 })] }]);
    const [page] = await readBack(pdf);
    expect([page?.width, page?.height]).toEqual([width, height]);
    const differences = image.data.map((value, i) => Math.abs(value - (page?.image.data[i] ?? 0)));
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
    expect(mean).toBeLessThan(6);
  });
});
