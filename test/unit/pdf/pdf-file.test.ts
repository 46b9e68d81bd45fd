import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isPdf, PdfFile } from '../../../src/runtime/pdf/pdf-file.js';
import type { Image } from '../../../src/runtime/image/image.js';
import { makePdf } from '../../helpers/pdf.js';
import { fixtureBytes } from '../../helpers/pictures.js';

const pixel = ({ data, width }: Image, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

const darkest = ({ data }: Image): number => data.reduce((least, value) => Math.min(least, value), 255);

describe('PdfFile', () => {
  it('renders a page at 200 pixels an inch, black on white', async () => {
    const file = await PdfFile.open(await makePdf([{ size: [216, 144], text: ['Hello'] }]));
    const { image, dpi } = file.render(1);
    expect([image.width, image.height, dpi]).toEqual([600, 400, 200]);
    expect(pixel(image, 0, 0)).toEqual([255, 255, 255]);
    expect(darkest(image)).toBe(0);
    file.close();
  });

  it('keeps red, green and blue apart, also in rows that the library pads', async () => {
    const picture = await sharp({ create: { width: 3, height: 3, channels: 3, background: '#102030' } })
      .png()
      .toBuffer();
    const file = await PdfFile.open(await makePdf([{ size: [75, 75], picture }]), { dpi: 97 });
    const { image } = file.render(1);
    expect(image.width).toBe(101);
    expect(pixel(image, 50, 50)).toEqual([0x10, 0x20, 0x30]);
    expect(pixel(image, 100, 100)).toEqual([0x10, 0x20, 0x30]);
    file.close();
  });

  it('takes a scanned page at the pixels of its picture, and gives exactly these pixels', async () => {
    const picture = fixtureBytes('page.png');
    const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    for (const rotate of [0, 90]) {
      const file = await PdfFile.open(
        await makePdf([{ size: [info.width * 0.31, info.height * 0.31], picture, rotate }]),
      );
      const { image, dpi } = file.render(1);
      expect(dpi).toBeCloseTo(72 / 0.31, 3);
      const [width, height] = rotate === 0 ? [info.width, info.height] : [info.height, info.width];
      expect([image.width, image.height]).toEqual([width, height]);
      if (rotate === 0) expect(Buffer.compare(image.data, data)).toBe(0);
      file.close();
    }
  });

  it('renders a picture with visible text on it at the usual resolution', async () => {
    const picture = fixtureBytes('page.png');
    const file = await PdfFile.open(await makePdf([{ size: [216, 144], picture, text: ['x'] }]));
    expect(file.sizeOf(1)).toEqual({ width: 600, height: 400, dpi: 200 });
    file.close();
  });

  it('renders smaller where the page would have too many pixels', async () => {
    const file = await PdfFile.open(await makePdf([{ size: [7200, 7200] }]), { maxPixels: 10_000 });
    const { image, dpi } = file.render(1);
    expect([image.width, image.height]).toEqual([100, 100]);
    expect(dpi).toBeCloseTo(1);
    file.close();
  });

  it('gives a page that is narrower than a pixel one column', async () => {
    const file = await PdfFile.open(await makePdf([{ size: [0.01, 720] }]));
    expect(file.render(1).image).toMatchObject({ width: 1, height: 2000 });
    file.close();
  });

  it('draws what is written in form fields', async () => {
    const pdf = await makePdf([
      {
        size: [216, 144],
        draw: (page, document) => {
          const field = document.getForm().createTextField('name');
          field.setText('WRITTEN');
          field.addToPage(page, { x: 20, y: 50, width: 180, height: 40, borderWidth: 0 });
        },
      },
    ]);
    const file = await PdfFile.open(pdf);
    expect(darkest(file.render(1).image)).toBeLessThan(100);
    file.close();
  });

  it('opens an encrypted file with its password alone', async () => {
    const pdf = await makePdf([{ text: ['secret'] }], { password: 'pässword' });
    await expect(PdfFile.open(pdf)).rejects.toMatchObject({ code: 'pdf_password_missing' });
    await expect(PdfFile.open(pdf, { password: 'other' })).rejects.toMatchObject({ code: 'pdf_password_wrong' });
    const file = await PdfFile.open(pdf, { password: 'pässword' });
    expect(file.textOf(1).lines.map(({ text }) => text)).toEqual(['secret']);
    file.close();
  });

  it('refuses damaged files with the reason', async () => {
    const pdf = await makePdf([{ text: ['a'] }, { text: ['b'] }]);
    for (const bytes of [pdf.subarray(0, 200), Buffer.from('%PDF-1.7\n%%EOF'), Buffer.from('%PDF-')]) {
      await expect(PdfFile.open(bytes)).rejects.toMatchObject({
        code: 'image_unreadable',
        message: expect.stringContaining('damaged PDF') as string,
      });
    }
  });

  it('refuses a file whose end is missing, and reads one with bytes after its end', async () => {
    const pdf = Buffer.from(await makePdf([{ text: ['a'] }, { text: ['b'], picture: fixtureBytes('page.png') }]));
    await expect(PdfFile.open(pdf.subarray(0, pdf.length - 5000))).rejects.toMatchObject({
      message: 'not a readable file: damaged PDF: its end is missing',
    });
    const file = await PdfFile.open(Buffer.concat([pdf, Buffer.alloc(3000)]));
    expect(file.pageCount).toBe(2);
    file.close();
  });

  it('names a damaged page, and still reads the others', async () => {
    const pdf = Buffer.from(await makePdf([{ text: ['a'] }, { text: ['b'] }]));
    const file = await PdfFile.open(pdf);
    expect(() => file.render(3)).toThrow('page 3 of 2: damaged PDF page');
    expect(file.textOf(2).lines[0]?.text).toBe('b');
    file.close();
  });
});

describe('PdfFile.textOf', () => {
  it('finds lines and words with their boxes in pixels', async () => {
    const file = await PdfFile.open(await makePdf([{ size: [360, 288], text: ['Hello World', 'second line'] }]));
    const { size, lines } = file.textOf(1);
    expect(size).toMatchObject({ width: 1000, height: 800 });
    expect(lines.map(({ text }) => text)).toEqual(['Hello World', 'second line']);
    const [first] = lines;
    expect(first?.words.map(({ text }) => text)).toEqual(['Hello', 'World']);
    // The text begins 72 points from the left and its baseline is 100 points from the top.
    const [topLeft, , bottomRight] = first?.region ?? [];
    const [left, bottom] = [topLeft?.[0] ?? 0, bottomRight?.[1] ?? 0];
    expect(Math.abs(left - 200)).toBeLessThan(8);
    expect(Math.abs(bottom - 278)).toBeLessThan(4);
    file.close();
  });

  it('maps the boxes as /Rotate and the crop box do', async () => {
    const place = (rotate: number) =>
      makePdf([{ size: [360, 288], text: ['Hello'], rotate, cropBox: [36, 0, 324, 288] }]);
    const upright = await PdfFile.open(await place(0));
    const turned = await PdfFile.open(await place(90));
    const { region } = upright.textOf(1).lines[0] ?? { region: [] };
    const { size, lines } = turned.textOf(1);
    expect(size).toMatchObject({ width: 800, height: 900 });
    expect(Math.abs((region[0]?.[0] ?? 0) - 100)).toBeLessThan(8);
    const mapped = region.map(([x, y]) => [size.width - y, x]);
    lines[0]?.region.forEach(([x, y], i) => {
      expect(Math.abs(x - (mapped[i]?.[0] ?? 0))).toBeLessThan(3);
      expect(Math.abs(y - (mapped[i]?.[1] ?? 0))).toBeLessThan(3);
    });
    upright.close();
    turned.close();
  });
});

describe('isPdf', () => {
  it('finds the signature in the first 1024 bytes', () => {
    expect(isPdf(Buffer.from('%PDF-1.4'))).toBe(true);
    expect(isPdf(Buffer.from(`${' '.repeat(1024)}%PDF-1.4`))).toBe(true);
    expect(isPdf(Buffer.from(`${' '.repeat(1025)}%PDF-1.4`))).toBe(false);
    expect(isPdf(Buffer.from('PDF'))).toBe(false);
  });
});
