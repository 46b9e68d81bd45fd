import { strFromU8, unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  formatNames,
  formats,
  isFormatName,
  writeDocuments,
} from '../../../../src/runtime/document/formats/formats.js';
import { openDocument } from '../../../../src/runtime/document/open.js';
import type { ReadDocument } from '../../../../src/runtime/document/read-document.js';
import { decodeImage } from '../../../../src/runtime/image/decode.js';
import { encodePng } from '../../../../src/runtime/image/encode.js';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import { makePdf } from '../../../helpers/pdf.js';
import { created, hardDocuments, line, readDocument, readPage, rectangle } from '../../../helpers/read-documents.js';

const options = { created };
const entriesOf = (bytes: Uint8Array): Record<string, Uint8Array> => unzipSync(bytes);
const textOf = async (...args: Parameters<typeof writeDocuments>): Promise<string> =>
  strFromU8((await writeDocuments(...args)).bytes);

describe('formatNames', () => {
  it('lists the formats, and isFormatName accepts only these', () => {
    expect(formatNames).toEqual(expect.arrayContaining(['text', 'markdown', 'json', 'tsv', 'hocr', 'alto', 'page']));
    expect(formatNames.every(isFormatName)).toBe(true);
    expect(['', 'TEXT', 'toString', '__proto__', 'txt'].some(isFormatName)).toBe(false);
  });

  it('gives each format an extension of its own', () => {
    expect(new Set(formatNames.map((name) => formats[name].extension)).size).toBe(formatNames.length);
  });
});

describe('writeDocuments', () => {
  const textFormats = formatNames.filter((name) => name !== 'png' && name !== 'pdf');
  const one = [readDocument([readPage([line('Hello', rectangle(1, 2, 90, 30))])])];

  it.each(textFormats)('writes %s as one file with the content type and extension of the format', async (name) => {
    const { contentType, extension, bytes } = await writeDocuments(name, one, options);
    expect([contentType, extension]).toEqual([formats[name].contentType, formats[name].extension]);
    const content =
      name === 'docx' ? strFromU8(entriesOf(bytes)['word/document.xml'] ?? new Uint8Array()) : strFromU8(bytes);
    expect(content).toContain('Hello');
  });

  it.each(textFormats)('writes %s equally twice, with the time that was given', async (name) => {
    const [first, second] = await Promise.all([
      writeDocuments(name, hardDocuments, options),
      writeDocuments(name, hardDocuments, options),
    ]);
    expect(first).toEqual(second);
  });

  it('joins lines to paragraphs only if they are asked for', async () => {
    const page = readPage([
      line('The first line of the paragraph fills it,', rectangle(0, 0, 410, 20)),
      line('the second does not.', rectangle(0, 25, 200, 45)),
    ]);
    expect(await textOf('text', [readDocument([page])])).toBe(
      'The first line of the paragraph fills it,\nthe second does not.\n',
    );
    expect(await textOf('text', [readDocument([page])], { paragraphs: true })).toBe(
      'The first line of the paragraph fills it, the second does not.\n',
    );
  });

  it('dates files now if no time is given', async () => {
    const before = Date.now();
    const time = /<Created>(.*?)<\/Created>/.exec(await textOf('page', one))?.[1] ?? '';
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
  });
});

describe('a ZIP archive of pages', () => {
  const pagesOf = (count: number) => Array.from({ length: count }, (_, i) => readPage([], { number: i + 1 }));
  const namesOf = async (documents: readonly ReadDocument[]): Promise<string[]> => {
    const { contentType, extension, bytes } = await writeDocuments('page', documents, options);
    expect([contentType, extension]).toEqual(['application/zip', 'zip']);
    return Object.keys(entriesOf(bytes));
  };

  it('has a file for each page, named by document and page', async () => {
    const pages = [readPage([], { number: 3 }), readPage([], { number: 12 })];
    expect(await namesOf([readDocument(pages, 'my.scan.tiff'), readDocument(pagesOf(1), 'a')])).toEqual([
      'my.scan-3.page.xml',
      'my.scan-12.page.xml',
      'a-1.page.xml',
    ]);
  });

  it('keeps documents apart whose names are the same without extension and capitals', async () => {
    const names = ['scan.png', 'Scan.jpg', 'scan (2).png', 'scan.png'];
    expect(await namesOf(names.map((name, i) => readDocument(pagesOf(i === 0 ? 1 : 2), name)))).toEqual([
      'scan-1.page.xml',
      ...['Scan (2)-1.page.xml', 'Scan (2)-2.page.xml'],
      ...['scan (2) (2)-1.page.xml', 'scan (2) (2)-2.page.xml'],
      ...['scan (3)-1.page.xml', 'scan (3)-2.page.xml'],
    ]);
  });

  it.each([
    ['', 'document'],
    ['..', 'document'],
    ['.png', '.png'],
    ['../../etc/passwd.d', '.._.._etc_passwd'],
    ['C:\\a\\b.png', 'C__a_b'],
    ['a\u0000b?.tiff', 'a_b_'],
    ['扫描 1.png', '扫描 1'],
    ['__proto__', '__proto__'],
  ])('names the pages of "%s" %s', async (name, stem) => {
    expect(await namesOf([readDocument(pagesOf(2), name)])).toEqual([`${stem}-1.page.xml`, `${stem}-2.page.xml`]);
  });

  it('is empty without pages', async () => {
    expect(await namesOf([])).toEqual([]);
  });

  it('holds the pages in their order', async () => {
    const { bytes } = await writeDocuments('page', hardDocuments, options);
    const texts = Object.values(entriesOf(bytes)).map((entry) => strFromU8(entry));
    expect(texts.map((text) => /id="region_(\d)/.exec(text)?.[1])).toEqual(['1', undefined, '3', '4', '5']);
  });
});

describe('docx', () => {
  const documentOf = async (documents: readonly ReadDocument[]): Promise<string> => {
    const { bytes } = await writeDocuments('docx', documents, options);
    const parts = entriesOf(bytes);
    expect(Object.keys(parts)).toEqual(['[Content_Types].xml', '_rels/.rels', 'word/document.xml']);
    return strFromU8(parts['word/document.xml'] ?? new Uint8Array());
  };
  const paragraphs = (xml: string): string[] => [...xml.matchAll(/<w:p(?:\/>|>.*?<\/w:p>)/g)].map(([text]) => text);

  it('has a paragraph for each paragraph, and begins each page on a new one', async () => {
    const hello = readPage([line('Hello <&>', rectangle(0, 0, 90, 20)), line('world', rectangle(0, 60, 50, 80))]);
    const next = readPage([line('שלום', rectangle(0, 0, 90, 20))], { number: 3 });
    expect(paragraphs(await documentOf([readDocument([hello, readPage([], { number: 2 }), next])]))).toEqual([
      '<w:p><w:r><w:t xml:space="preserve">Hello &lt;&amp;&gt;</w:t></w:r></w:p>',
      '<w:p><w:r><w:t xml:space="preserve">world</w:t></w:r></w:p>',
      '<w:p><w:pPr><w:pageBreakBefore/></w:pPr></w:p>',
      '<w:p><w:pPr><w:pageBreakBefore/><w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr>' +
        '<w:t xml:space="preserve">שלום</w:t></w:r></w:p>',
    ]);
  });

  it('has no character that XML forbids', async () => {
    expect(await documentOf(hardDocuments)).not.toMatch(/[\0\ud800](?![\udc00-\udfff])/);
  });
});

describe('pdf', () => {
  it('is a PDF file with the page of the picture', async () => {
    const bytes = await encodePng(blankImage(200, 100));
    const page = readPage([line('Hello', rectangle(10, 20, 60, 40))]);
    const { bytes: file, ...rest } = await writeDocuments('pdf', [{ ...readDocument([page]), bytes }], options);
    expect(rest).toEqual({ contentType: 'application/pdf', extension: 'pdf' });
    const opened = await openDocument(file);
    expect([opened.pageCount, opened.textOf(1)?.lines.map(({ text }) => text)]).toEqual([1, ['Hello']]);
    opened.close();
  });
});

describe('png', () => {
  const red = [0xe0, 0x31, 0x31];
  const pixel = ({ width, data }: Image, x: number, y: number): number[] => [
    ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];
  const reds = (image: Image): number[] => {
    const found = Array.from({ length: image.width * image.height }, (_, i) => i).filter((i) =>
      red.every((value, channel) => image.data[i * 3 + channel] === value),
    );
    const xs = found.map((i) => i % image.width);
    const ys = found.map((i) => Math.floor(i / image.width));
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  };

  it('outlines the lines of a page on its picture', async () => {
    const bytes = await encodePng(blankImage(200, 100));
    const page = readPage([line('a', rectangle(10, 20, 60, 40)), line('b', rectangle(100, 50, 150, 80))]);
    const { bytes: file, ...rest } = await writeDocuments('png', [{ ...readDocument([page]), bytes }]);
    expect(rest).toEqual({ contentType: 'image/png', extension: 'png' });
    const image = await decodeImage(file);
    expect([image.width, image.height]).toEqual([200, 100]);
    expect(pixel(image, 10, 20)).toEqual(red);
    expect(pixel(image, 35, 40)).toEqual(red);
    expect(pixel(image, 150, 65)).toEqual(red);
    expect(pixel(image, 35, 30)).toEqual([0, 0, 0]);
    expect(reds(image)).toEqual([10, 20, 150, 80]);
  });

  it('outlines the lines of a turned page where they are in the file', async () => {
    const bytes = await encodePng(blankImage(100, 200));
    const page = readPage([line('a', rectangle(10, 20, 60, 40))], { rotation: 90 });
    const { bytes: file } = await writeDocuments('png', [{ ...readDocument([page]), bytes }]);
    expect(reds(await decodeImage(file))).toEqual([20, 139, 40, 189]);
  });

  it('scales the outlines to a picture of another resolution', async () => {
    const bytes = await encodePng(blankImage(400, 200));
    const page = readPage([line('a', rectangle(10, 20, 60, 40))]);
    const { bytes: file } = await writeDocuments('png', [{ ...readDocument([page]), bytes }]);
    expect(reds(await decodeImage(file))).toEqual([20, 40, 120, 80]);
  });

  it('outlines the lines of a page of an encrypted PDF file, at the resolution at which it was read', async () => {
    const size = [144, 72] as const;
    const bytes = await makePdf([{ size }, { size }], { password: 'secret' });
    const page = readPage([line('a', rectangle(10, 20, 60, 40))], { number: 2, dpi: 100 });
    const document = { ...readDocument([page], 'a.pdf'), bytes, password: 'secret' };
    const image = await decodeImage((await writeDocuments('png', [document])).bytes);
    expect([image.width, image.height]).toEqual([200, 100]);
    expect(reds(image)).toEqual([10, 20, 60, 40]);
    await expect(writeDocuments('png', [{ ...document, password: 'wrong' }])).rejects.toMatchObject({
      code: 'pdf_password_wrong',
    });
  });

  it('writes an archive of the pages that were read', async () => {
    const bytes = await readFile('test/fixtures/page.tiff');
    const pictureBytes = await encodePng(blankImage(200, 100));
    const documents = [
      { ...readDocument([readPage([line('a', rectangle(10, 20, 60, 40))])], 'page.tiff'), bytes },
      { ...readDocument([readPage([])], 'blank.png'), bytes: pictureBytes },
    ];
    const { contentType, bytes: archive } = await writeDocuments('png', documents, options);
    expect(contentType).toBe('application/zip');
    const entries = entriesOf(archive);
    expect(Object.keys(entries)).toEqual(['page-1.png', 'blank-1.png']);
    const blank = await decodeImage(entries['blank-1.png'] ?? new Uint8Array());
    expect(blank.data.every((value) => value === 0)).toBe(true);
  });

  it('rejects bytes that are no picture, and pictures above the limit', async () => {
    const document = { ...readDocument([readPage([])]), bytes: new TextEncoder().encode('text') };
    await expect(writeDocuments('png', [document])).rejects.toMatchObject({ code: 'image_unreadable' });
    const bytes = await encodePng(blankImage(200, 100));
    await expect(
      writeDocuments('png', [{ ...readDocument([readPage([])]), bytes }], { maxPixels: 19_999 }),
    ).rejects.toMatchObject({ code: 'image_too_large' });
  });
});
