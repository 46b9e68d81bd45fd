import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { PdfFile } from '../../../src/runtime/pdf/pdf-file.js';
import { formInItself, formsInForms, repeated, repeatedContent, textPage } from '../../helpers/hostile-pdf/content.js';
import { packed } from '../../helpers/hostile-pdf/hostile-pdf.js';
import { makePdf } from '../../helpers/pdf.js';
import { pdfStream, plainPage, plainPdf } from '../../helpers/plain-pdf.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const expectsNext = async (): Promise<void> => {
  const next = await PdfFile.open(await makePdf([{ size: [216, 144], text: ['Hello'] }]));
  expect(next.render(1).image.data.includes(0)).toBe(true);
  next.close();
};

const mebibyte = 1024 ** 2;

describe('a PDF page that needs more than its memory', () => {
  /** Asks for a page, and expects the refusal. Leaves no reference to the file. */
  const expectsRefusal = async (bytes: Uint8Array): Promise<void> => {
    const file = await PdfFile.open(bytes, { maxSeconds: 600 });
    const limit = bytes.length + 832 * mebibyte;
    const refusal: unknown = expect.objectContaining({
      code: 'image_too_costly',
      message: `the file is refused: page 1 of 1 (71 x 71 mm) takes more than ${limit} bytes of memory to decode`,
    });
    expect(() => file.render(1)).toThrow(refusal);
    // The instance of the library is not asked again.
    expect(() => file.textOf(1)).toThrow(refusal);
    file.close();
  };

  it.each([
    ['forms in forms', formsInForms],
    ['a form in itself', formInItself],
    ['many lines', () => repeated('0 0 m 200 200 l S ')],
    ['many saved states', () => repeated('q ')],
    ['the same content again and again', repeatedContent.make],
  ])('is refused with its size and the limit, its memory returns, and the next file is read: %s', async (_, make) => {
    await expectsNext();
    const written = vi.spyOn(console, 'error');
    await expectsRefusal(make());
    expect(written).not.toHaveBeenCalled();
    await vi.waitFor(async () => {
      collectGarbage();
      await sleep(50);
      expect(process.memoryUsage().external).toBeLessThan(256 * mebibyte);
    }, 10_000);
    await expectsNext();
  });
});

describe('a PDF page that takes more than its time', () => {
  const type3 = (glyph: number, resources: string): string =>
    `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /a ${glyph} 0 R >> ` +
    `/Encoding << /Type /Encoding /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1000] /Resources << ${resources} >> >>`;
  const picture = '/Type /XObject /Subtype /Image /Width 8000 /Height 8000 /BitsPerComponent 8 /ColorSpace /DeviceGray';

  it.each([
    ['rectangles', { content: packed('0 0 200 200 re f '.repeat(1e6)), filter: '/Filter /FlateDecode' }],
    ['parts cut out', { content: `${'0 0 m 200 0 l 100 200 l h W n '.repeat(200_000)}0 0 200 200 re f` }],
    [
      'a pattern of tiny tiles',
      {
        content: '/Pattern cs /P scn 0 0 2000 2000 re f '.repeat(1000),
        side: 2000,
        resources: '/Pattern << /P 5 0 R >>',
        more: [
          pdfStream(
            '/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.01 /YStep 0.01 /Resources << >>',
            '0 0 1 1 re f',
          ),
        ],
      },
    ],
    [
      'a glyph of many lines',
      {
        content: `BT /F 10 Tf (${'a'.repeat(1000)}) Tj ET`,
        resources: '/Font << /F 5 0 R >>',
        more: [type3(6, ''), pdfStream('', `1000 0 d0 ${'0 0 m 1000 1000 l S '.repeat(20_000)}`)],
      },
    ],
    [
      'a shading whose colors take long to compute',
      {
        content: '/S sh '.repeat(50),
        side: 2000,
        resources:
          '/Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Domain [0 2000 0 2000] /Function 5 0 R >> >>',
        more: [
          pdfStream(
            '/FunctionType 4 /Domain [0 2000 0 2000] /Range [0 1 0 1 0 1]',
            `{ pop ${'dup mul sin cos '.repeat(5000)} dup dup }`,
          ),
        ],
      },
    ],
    [
      'a picture that is drawn often',
      {
        content: `200 0 0 200 0 0 cm ${'/X Do '.repeat(20_000)}`,
        resources: '/XObject << /X 5 0 R >>',
        more: [pdfStream(`${picture} /Filter /FlateDecode`, packed(Buffer.alloc(64e6)))],
      },
    ],
  ])('is stopped, and the next file is read: %s', async (_, page) => {
    const file = await PdfFile.open(plainPage(page), { maxSeconds: 1 });
    const message = /^the file is refused: page 1 of 1 \(\d+ x \d+ mm\) takes more than 1 s to decode$/;
    expect(() => file.render(1)).toThrow(message);
    file.close();
    await expectsNext();
  });
});

describe('a page that breaks the library', () => {
  it('leaves another open file readable', async () => {
    const good = await PdfFile.open(
      await makePdf([
        { size: [216, 144], text: ['Hello'] },
        { size: [216, 144], text: ['Bye'] },
      ]),
    );
    const before = good.render(2).image;
    const bad = await PdfFile.open(repeated('q '), { maxSeconds: 600 });
    expect(() => bad.render(1)).toThrow('bytes of memory');
    bad.close();
    expect(good.render(2).image).toEqual(before);
    good.close();
  });
});

it('leaves the global names of the program as they were', async () => {
  const before = Reflect.ownKeys(globalThis);
  // No instance is free for the second file.
  const files = [await PdfFile.open(formsInForms()), await PdfFile.open(formsInForms())];
  expect(Reflect.ownKeys(globalThis)).toEqual(before);
  for (const file of files) file.close();
});

describe('a tree of pages', () => {
  const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
  const leaf = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 20 20] >>';
  it.each([
    ['of 20,000 pages', [catalog, `<< /Type /Pages /Count 20000 /Kids [${'3 0 R '.repeat(20_000)}] >>`, leaf], 20_000],
    [
      'that doubles at each of 40 steps',
      [catalog, ...Array.from({ length: 40 }, (_, i) => `<< /Type /Pages /Kids [${i + 3} 0 R ${i + 3} 0 R] >>`), leaf],
      0,
    ],
  ])('costs little: %s', async (_, objects, pages) => {
    const open = PdfFile.open(plainPdf(objects), { maxSeconds: 600 }).then((file) => {
      const { width } = file.sizeOf(file.pageCount);
      file.close();
      return [file.pageCount, width];
    });
    if (pages > 0) expect(await open).toEqual([pages, 56]);
    else await expect(open).rejects.toThrow();
  });
});

describe('a text layer', () => {
  it('of more than a million characters is refused, and the page can be drawn', async () => {
    const file = await PdfFile.open(textPage(1001).make(), { dpi: 10, maxSeconds: 600 });
    const message =
      'the file is refused: page 1 of 1 (1411 x 1411 mm) has 1003000 characters of text, and at most 1000000 are read';
    expect(() => file.textOf(1)).toThrow(expect.objectContaining({ code: 'image_too_costly', message }));
    expect(file.sizeOf(1)).toEqual({ width: 556, height: 556, dpi: 10 });
    file.close();
  });

  it('of a hundred thousand is read, each line with its words', async () => {
    const file = await PdfFile.open(textPage(100).make(), { maxSeconds: 600 });
    const { lines } = file.textOf(1);
    file.close();
    expect(lines.map(({ text }) => text)).toEqual(Array(100).fill('a'.repeat(1000)));
    expect(lines.every(({ words }) => words.length === 1)).toBe(true);
  });
});
