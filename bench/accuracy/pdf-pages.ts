import { encodePng } from '../../src/runtime/image/encode.js';
import { PdfFile } from '../../src/runtime/pdf/pdf-file.js';
import type { Label } from '../lib/labelled-picture.js';

const dpi = 150;

/** A page of a PDF file as a PNG file, and its own text as labels. */
export async function pdfPage(bytes: Uint8Array, page: number): Promise<{ png: Uint8Array; labels: Label[] }> {
  const file = await PdfFile.open(bytes, { dpi });
  try {
    return { png: await encodePng(file.render(page).image), labels: labelsOf(file, page) };
  } finally {
    file.close();
  }
}

/**
 * The pages of a PDF file, at most `most`, that are mostly text of a script and say so in characters that Unicode knows.
 *
 * @param script a character of it
 */
export async function textPages(bytes: Uint8Array, script: RegExp, most: number): Promise<number[]> {
  const file = await PdfFile.open(bytes, { dpi });
  try {
    const step = Math.max(1, Math.floor(file.pageCount / (2 * most + 1)));
    const pages: number[] = [];
    for (let page = step; page <= file.pageCount && pages.length < most; page += step) {
      const text = labelsOf(file, page)
        .map((label) => label.text)
        .join('');
      const own = text.match(new RegExp(script, 'gu'))?.length ?? 0;
      // Private and replacement characters are what a font without a table of characters leaves.
      if (text.length >= 300 && own >= 0.3 * text.length && !/[\uE000-\uF8FF\uFFFD]/.test(text)) pages.push(page);
    }
    return pages;
  } finally {
    file.close();
  }
}

function labelsOf(file: PdfFile, page: number): Label[] {
  return file
    .textOf(page)
    .lines.filter(({ text }) => text.trim() !== '')
    .map(({ text, region }) => ({ text, poly: region }));
}
