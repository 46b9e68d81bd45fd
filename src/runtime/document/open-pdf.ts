import { PdfFile, type PdfOptions } from '../pdf/pdf-file.js';
import { measure } from '../trace/stage-times.js';
import type { Document, DocumentPage, TextLayer } from './document.js';

/** Opens a PDF file. A page is rendered when the caller asks for it. */
export async function openPdf(bytes: Uint8Array, options: PdfOptions): Promise<Document> {
  const file = await measure('decode', () => PdfFile.open(bytes, options));
  const usualPages = Array.from({ length: file.pageCount }, (_, i) => i + 1);
  const page = (number: number): Promise<DocumentPage> =>
    measure('decode', () => Promise.resolve({ number, ...file.render(number) }));
  return {
    kind: 'document',
    pageCount: file.pageCount,
    usualPages,
    page,
    async *pages(numbers = usualPages) {
      for (const number of numbers) yield await page(number);
    },
    textOf: (number) => textOf(file, number),
    close: () => file.close(),
  };
}

function textOf(file: PdfFile, number: number): TextLayer | undefined {
  const { size, lines } = file.textOf(number);
  if (lines.length === 0) return undefined;
  return {
    ...size,
    lines: lines.map(({ text, region, words }) => ({
      text,
      confidence: certain,
      text_region: region,
      words: words.map((word) => ({ ...word, confidence: certain })),
    })),
  };
}

/** The confidence of text that was not recognized. */
const certain = 1;
