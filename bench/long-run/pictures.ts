import { PDFDocument } from '@cantoo/pdf-lib';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from '../lib/ocrhub.js';
import { requireFont } from '../lib/pages.js';

const words = [
  'amber',
  'basket',
  'copper',
  'dollar',
  'empire',
  'flower',
  'garden',
  'hunter',
  'island',
  'jacket',
  'kitten',
  'ladder',
  'market',
  'number',
  'orange',
  'pencil',
];

/** The picture of one client: two lines that no other client has, in one of the formats. */
export async function clientPicture(client: number): Promise<Buffer<ArrayBuffer>> {
  requireFont();
  const word = (n: number): string => words[n % words.length] ?? '';
  const rows = [`${word(client)} ${word(client >> 4)} ${1000 + client * 37}`, `total ${client * 11 + 7}.50`];
  const texts = rows.map((row, i) => `<text x="16" y="${40 + i * 44}">${row}</text>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="104" font-family="DejaVu Sans" font-size="26">${texts.join('')}</svg>`;
  const drawn = sharp(Buffer.from(svg)).flatten({ background: '#fff' });
  const png = (): Promise<Buffer> => drawn.png().toBuffer();
  const formats = [
    png,
    () => drawn.jpeg({ quality: 92 }).toBuffer(),
    () => drawn.webp({ quality: 95 }).toBuffer(),
    () => drawn.tiff({ compression: 'lzw' }).toBuffer(),
    () => drawn.gif().toBuffer(),
    async () => {
      const document = await PDFDocument.create();
      const page = document.addPage([240, 78]);
      page.drawImage(await document.embedPng(await png()), { x: 0, y: 0, width: 240, height: 78 });
      return Buffer.from(await document.save());
    },
  ];
  const bytes = await (formats[client % formats.length] ?? png)();
  return Buffer.from(bytes);
}

/** The demo page in sizes between 0.02 and 8 megapixels, upright and on its side. */
export async function pagesOfAllSizes(): Promise<Buffer<ArrayBuffer>[]> {
  const page = readFileSync(path.join(root, 'test', 'fixtures', 'demo.jpg'));
  const sizes = Array.from({ length: 13 }, (_, i) => Math.round(170 * Math.exp((i / 12) * Math.log(20))));
  return Promise.all(
    sizes.map(async (width, i) => {
      const resized = sharp(page).resize({ width });
      return Buffer.from(await (i % 5 === 4 ? resized.rotate(90) : resized).jpeg().toBuffer());
    }),
  );
}
