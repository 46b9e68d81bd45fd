import { PDFArray, PDFDict, PDFDocument, PDFName, PDFNumber, PDFString, type PDFPage } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { openDocument } from '../../../../src/runtime/document/open.js';
import type { ReadPage } from '../../../../src/runtime/document/read-document.js';
import { addLayers } from '../../../../src/runtime/document/searchable-pdf/add-layers.js';
import type { PdfLib } from '../../../../src/runtime/document/searchable-pdf/pdf-lib.js';
import { writeSearchablePdf } from '../../../../src/runtime/document/searchable-pdf/write.js';
import type { Point, Quad } from '../../../../src/runtime/geometry/point.js';
import type { Image } from '../../../../src/runtime/image/image.js';
import { packageVersion } from '../../../../src/runtime/package.js';
import { makePdf, type PdfPageSpec } from '../../../helpers/pdf.js';
import { boxIou, lineOf, pageOf, readBack, turnedBox } from '../../../helpers/searchable-pdf.js';

/** A page that is drawn as a scan would be: no text, but a black bar where the line of text is. */
const bar = { x: 100, y: 500, width: 250, height: 40 };
const scan: PdfPageSpec = { draw: (page) => page.drawRectangle(bar) };

/** The page as the pipeline reads it: the bar found in the pixels is the line "Hello world". */
async function readBars(bytes: Uint8Array, text = 'Hello world', password?: string): Promise<ReadPage[]> {
  const document = await openDocument(bytes, { dpi: 100, password });
  const pages: ReadPage[] = [];
  for await (const { number, image, dpi } of document.pages()) {
    const { width, height } = image;
    pages.push(pageOf([lineOf(text, darkBox(image))], { number, width, height, dpi }));
  }
  document.close();
  return pages;
}

function darkBox({ width, height, data }: Image): Quad {
  const points: Point[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if ((data[(y * width + x) * 3] ?? 0) < 100) points.push([x, y]);
  }
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return turnedBox([left, top], [Math.max(...xs) + 1 - left, Math.max(...ys) + 1 - top]);
}

async function layered(bytes: Uint8Array, pages: readonly ReadPage[], password?: string): Promise<Uint8Array> {
  return writeSearchablePdf([{ name: 'scan.pdf', bytes, password, pages }]);
}

/** Changes a file through its objects, for what pdf-lib has no method for. */
async function changed(bytes: Uint8Array, change: (page: PDFPage, pdf: PDFDocument) => void): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(bytes);
  change(pdf.getPage(0), pdf);
  return pdf.save();
}

async function expectTextOnBar(bytes: Uint8Array): Promise<void> {
  const pages = await readBars(bytes);
  const found = await readBack(await layered(bytes, pages), 100);
  expect(found.map(({ lines }) => lines)).toEqual(pages.map(() => ['Hello world']));
  found.forEach(({ words, image }, i) => {
    const region = pages[i]?.lines[0]?.text_region ?? turnedBox([0, 0], [0, 0]);
    expect(
      boxIou(
        words.flatMap((word) => [...word.region]),
        region,
      ),
    ).toBeGreaterThan(0.9);
    // The page still looks the same.
    expect(boxIou(darkBox(image), region)).toBe(1);
  });
}

describe('the text layer is at the place of the print', () => {
  it.each([0, 90, 180, 270])('on a page that is shown turned by %d degrees', async (rotate) => {
    const upright = rotate % 180 === 0;
    // The bar lies along the lines of the page as it is shown.
    const shape = upright ? bar : { ...bar, width: bar.height, height: bar.width };
    await expectTextOnBar(await makePdf([{ rotate, draw: (page) => page.drawRectangle(shape) }]));
  });

  it('on a page whose crop box begins elsewhere', async () => {
    await expectTextOnBar(await makePdf([{ ...scan, cropBox: [50, 300, 400, 300] }]));
    await expectTextOnBar(await makePdf([{ ...scan, cropBox: [50, 300, 2000, 2000] }]));
  });

  it('on a turned page with a crop box', async () => {
    await expectTextOnBar(await makePdf([{ ...scan, rotate: 180, cropBox: [90, 300, 300, 270] }]));
  });

  it('on a page with a user unit', async () => {
    const bytes = await changed(await makePdf([scan]), ({ node }) => node.set(PDFName.of('UserUnit'), PDFNumber.of(2)));
    await expectTextOnBar(bytes);
  });

  it('on a page that inherits its boxes and its turn', async () => {
    const bytes = await changed(await makePdf([scan]), ({ node }, { catalog, context }) => {
      node.delete(PDFName.of('MediaBox'));
      catalog.Pages().set(PDFName.of('MediaBox'), context.obj([10, 20, 605, 862]));
      catalog.Pages().set(PDFName.of('Rotate'), PDFNumber.of(180));
    });
    await expectTextOnBar(bytes);
  });

  it('on a page whose media box has its corners the other way round', async () => {
    const bytes = await changed(await makePdf([scan]), ({ node }, { context }) =>
      node.set(PDFName.of('MediaBox'), context.obj([595, 842, 0, 0])),
    );
    await expectTextOnBar(bytes);
  });

  it('on a page whose content leaves a changed coordinate system behind', async () => {
    for (const content of ['q q 0.2 0 0 0.2 300 300 cm', 'Q Q Q 3 0 0 3 -50 -50 cm', 'BT 5 Tr 40 Tz']) {
      const bytes = await changed(await makePdf([scan]), ({ node }, { context }) => {
        const own = node.get(PDFName.of('Contents'));
        const drawing = context.register(context.stream('q 0 g 100 500 250 40 re f Q'));
        node.set(PDFName.of('Contents'), context.obj([drawing, context.register(context.stream(content)), own]));
      });
      const pages = (await readBars(await makePdf([scan]))).map((page) => ({ ...page, number: 1 }));
      const [found] = await readBack(await layered(bytes, pages), 100);
      expect(found?.lines).toEqual(['Hello world']);
      const region = pages[0]?.lines[0]?.text_region ?? [];
      expect(boxIou(found?.words.flatMap((word) => [...word.region]) ?? [], region)).toBeGreaterThan(0.9);
    }
  });

  it('on a page that was turned before it was read', async () => {
    for (const rotation of [90, 180, 270] as const) {
      const bytes = await makePdf([{ ...scan, rotate: 90 }]);
      const [page] = await readBars(bytes);
      if (page === undefined) throw new Error('no page');
      const { width, height, lines } = page;
      const turn = ([x, y]: Point): Point =>
        rotation === 90 ? [height - y, x] : rotation === 180 ? [width - x, height - y] : [y, width - x];
      const [a, b, c, d] = lines[0]?.text_region ?? turnedBox([0, 0], [0, 0]);
      const quad = [a, b, c, d].map(turn);
      const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)];
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      const region = turnedBox([left, top], [Math.max(...xs) - left, Math.max(...ys) - top]);
      const size = rotation === 180 ? { width, height } : { width: height, height: width };
      const turned = pageOf([lineOf('Hello world', region)], { ...size, number: 1, rotation });
      const [found] = await readBack(await layered(bytes, [turned]), 100);
      expect(found?.lines.join(' ')).toBe('Hello world');
      expect(boxIou(found?.words.flatMap((word) => [...word.region]) ?? [], [a, b, c, d])).toBeGreaterThan(0.9);
    }
  });

  it('on pages that share one content stream and their resources', async () => {
    const bytes = await changed(await makePdf([scan, scan]), (first, pdf) => {
      for (const key of ['Contents', 'Resources']) {
        const shared = first.node.get(PDFName.of(key));
        if (shared !== undefined) pdf.getPage(1).node.set(PDFName.of(key), shared);
      }
    });
    await expectTextOnBar(bytes);
  });
});

describe('what else is in the file', () => {
  it('stays as it is: metadata, outlines, links, form fields, attachments, other pages', async () => {
    const pdf = await PDFDocument.load(await makePdf([scan, { text: ['digital page'] }]));
    pdf.setTitle('Contract 合同');
    pdf.setCreator('scanner 9');
    pdf.setCreationDate(new Date('2020-01-02T03:04:05Z'));
    pdf.setModificationDate(new Date('2021-01-02T03:04:05Z'));
    const field = pdf.getForm().createTextField('name');
    field.setText('Ada');
    field.addToPage(pdf.getPage(1), { x: 50, y: 50, width: 100, height: 20 });
    await pdf.attach(new TextEncoder().encode('a,b'), 'table.csv');
    const { context, catalog } = pdf;
    const link = context.obj({
      Type: 'Annot',
      Subtype: 'Link',
      Rect: [0, 0, 9, 9],
      A: { S: 'URI', URI: PDFString.of('https://example.com') },
    });
    pdf.getPage(0).node.set(PDFName.of('Annots'), context.obj([context.register(link)]));
    const outlines = context.nextRef();
    const item = context.register(
      context.obj({ Title: PDFString.of('First'), Parent: outlines, Dest: [pdf.getPage(0).ref, 'Fit'] }),
    );
    context.assign(outlines, context.obj({ Type: 'Outlines', First: item, Last: item, Count: 1 }));
    catalog.set(PDFName.of('Outlines'), outlines);
    const bytes = await pdf.save();

    const [page] = await readBars(bytes);
    const result = await layered(bytes, page === undefined ? [] : [page]);
    const after = await PDFDocument.load(result, { updateMetadata: false });
    expect(after.getTitle()).toBe('Contract 合同');
    expect(after.getCreator()).toBe('scanner 9');
    expect(after.getCreationDate()).toEqual(new Date('2020-01-02T03:04:05Z'));
    expect(after.getModificationDate()).toEqual(new Date('2021-01-02T03:04:05Z'));
    expect(after.getProducer()).toBe(`ocrhub ${packageVersion}`);
    expect(after.getForm().getTextField('name').getText()).toBe('Ada');
    expect(after.getAttachments().map(({ name }) => name)).toEqual(['table.csv']);
    const annotation = after.getPage(0).node.lookup(PDFName.of('Annots'), PDFArray).lookup(0, PDFDict);
    expect(annotation.get(PDFName.of('Subtype'))).toBe(PDFName.of('Link'));
    const outline = after.catalog.lookup(PDFName.of('Outlines'), PDFDict).lookup(PDFName.of('First'), PDFDict);
    expect(outline.lookup(PDFName.of('Dest'), PDFArray).get(0)).toBe(after.getPage(0).ref);
    expect((await readBack(result)).map(({ lines }) => lines)).toEqual([['Hello world'], ['digital page']]);
  });

  it('gets no second text on a page that has its own', async () => {
    const bytes = await makePdf([{ text: ['own text'] }, scan]);
    const pages = [
      pageOf([lineOf('recognized', turnedBox([10, 10], [300, 50]))]),
      ...(await readBars(await makePdf([scan]))),
    ];
    const numbered = pages.map((page, i) => ({ ...page, number: i + 1 }));
    const result = await layered(bytes, numbered);
    expect((await readBack(result)).map(({ lines }) => lines)).toEqual([['own text'], ['Hello world']]);
    // Nor when the layer is added twice.
    expect((await readBack(await layered(result, numbered))).map(({ lines }) => lines)).toEqual([
      ['own text'],
      ['Hello world'],
    ]);
  });

  it('keeps the pages that were not read', async () => {
    const bytes = await makePdf([scan, scan, scan]);
    const [, second] = await readBars(bytes);
    const found = await readBack(await layered(bytes, second === undefined ? [] : [second]));
    expect(found.map(({ lines }) => lines)).toEqual([[], ['Hello world'], []]);
  });

  it('has the text once, whatever the picture under it', async () => {
    const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const bytes = await makePdf([{ picture }]);
    const page = pageOf([lineOf('你好 world 𠮷', turnedBox([100, 100], [500, 60]))], { width: 827, height: 1169 });
    expect((await readBack(await layered(bytes, [page]))).map(({ lines }) => lines)).toEqual([['你好 world 𠮷']]);
  });
});

describe('a file that is encrypted or damaged', () => {
  it('is decrypted with its password', async () => {
    const bytes = await makePdf([scan], { password: 'secret' });
    const pages = await readBars(bytes, 'Hello world', 'secret');
    const result = await layered(bytes, pages, 'secret');
    expect((await PDFDocument.load(result)).isEncrypted).toBe(false);
    expect((await readBack(result)).map(({ lines }) => lines)).toEqual([['Hello world']]);
  });

  it('needs no password if the password for opening is empty', async () => {
    const pdf = await PDFDocument.load(await makePdf([scan]));
    pdf.encrypt({ userPassword: '', ownerPassword: 'owner' });
    const bytes = await pdf.save();
    const result = await layered(bytes, await readBars(bytes));
    expect((await readBack(result)).map(({ lines }) => lines)).toEqual([['Hello world']]);
  });

  it.each([
    [undefined, 'pdf_password_missing'],
    ['wrong', 'pdf_password_wrong'],
  ])('is refused without its password: %s', async (password, code) => {
    const bytes = await makePdf([scan], { password: 'secret' });
    await expect(layered(bytes, [pageOf([])], password)).rejects.toMatchObject({ code });
  });

  it('is refused if it is no PDF after its signature', async () => {
    await expect(layered(Buffer.from('%PDF-1.4\nnothing'), [pageOf([])])).rejects.toMatchObject({
      code: 'image_unreadable',
    });
  });

  it('is parsed once, and says what is wrong with it, if that is not its password', async () => {
    const load = vi.fn(() => Promise.reject(new Error('a broken table')));
    const pdfLib = { PDFDocument: { load } } as unknown as PdfLib;
    const document = { name: 'a.pdf', bytes: await makePdf([scan]), password: 'of other files', pages: [] };
    await expect(addLayers(document, pdfLib)).rejects.toMatchObject({ details: { problem: 'a broken table' } });
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('is refused with the name of the file if a page that was read is not in it', async () => {
    const page = pageOf([lineOf('x', turnedBox([0, 0], [9, 9]))], { number: 7 });
    await expect(layered(await makePdf([scan]), [page])).rejects.toMatchObject({ kind: 'unreadable' });
  });
});
