import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadDocument } from '../../src/runtime/document/read-document.js';
import { writeSearchablePdf } from '../../src/runtime/document/searchable-pdf/write.js';
import { fits, fitsOfUnits, joinedWords, shareFound, trueWords, wordsOf, type TrueWord } from './compare.js';
import { makePage, pageKinds, pageSize } from './made-pages.js';
import { FileInFolder, missingPrograms, pdfiumUnits } from './readers.js';

const wanted = process.env['OCRHUB_TEST_PDF'] === '1';

const scale = 72 / pageSize.dpi;

/** Five pages of each kind, in JPEG pictures with the noise of a scanner. */
async function makeDocuments(): Promise<ReadDocument[]> {
  const noise = { type: 'gaussian' as const, mean: 235, sigma: 6 };
  const bytes = await sharp({ create: { ...pageSize, channels: 3, background: '#fff', noise } })
    .jpeg({ quality: 60 })
    .toBuffer();
  return pageKinds.flatMap((kind, k) =>
    [1, 2, 3, 4, 5].map((i) => ({ name: kind, bytes, pages: [{ ...makePage(kind, 5 * k + i), number: 1 }] })),
  );
}

/** Share of words with an intersection over union of 0.7 or more; undefined without words. */
function shareFitting(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.filter((value) => value >= 0.7).length / values.length;
}

describe.skipIf(!wanted || missingPrograms.length > 0)('50 pages (npm run test:pdf)', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-pdf-'));
  let documents: ReadDocument[] = [];
  let bytes: Uint8Array = new Uint8Array();
  let file: FileInFolder;

  beforeAll(async () => {
    documents = await makeDocuments();
    bytes = await writeSearchablePdf(documents);
    file = new FileInFolder(folder, bytes);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const linesOfPage = (i: number): ReadDocument['pages'][number]['lines'] => documents[i]?.pages[0]?.lines ?? [];
  const textOfPage = (i: number): string[] => wordsOf(linesOfPage(i).map(({ text }) => text));

  const textSize = (i: number): number =>
    Buffer.byteLength(
      linesOfPage(i)
        .map(({ text }) => text)
        .join('\n'),
    );

  it('are clean for qpdf, at most 3 kB a page and the text larger than the pictures, with three objects a page', async () => {
    expect(file.problems()).toBe('');
    const pictures = documents.reduce((sum, document) => sum + document.bytes.length, 0);
    const text = documents.reduce((sum, _, i) => sum + textSize(i), 0);
    const { context } = await PDFDocument.load(bytes);
    const objects = context.enumerateIndirectObjects().length;
    console.log(
      `${bytes.length} bytes: pictures ${pictures}, text ${text}, other ${bytes.length - pictures - text}; ${objects} objects`,
    );
    expect(bytes.length).toBeLessThanOrEqual(pictures + text + 3000 * documents.length);
    expect(objects).toBeLessThanOrEqual(3 * documents.length + 15);
    const overheads = await Promise.all(
      documents.map(async (document, i) => {
        const alone = (await writeSearchablePdf([document])).length;
        return { kind: document.name, bytes: alone - document.bytes.length - textSize(i) };
      }),
    );
    const worst = pageKinds.map((kind) => {
      const sizes = overheads.filter((page) => page.kind === kind).map((page) => page.bytes);
      return { kind, 'bytes beside picture and text, at most': Math.max(...sizes) };
    });
    console.log('Each page as a file of its own:');
    console.table(worst);
    // Dense pages need more than 3 kB for the places of 1000 words. The words of tilted lines are in the file twice.
    expect(Math.max(...overheads.map((page) => page.bytes))).toBeLessThanOrEqual(6500);
  });

  it('have the recognized text, word for word, and each word at its place', async () => {
    const raw = file.popplerLines('raw');
    const layout = file.popplerLines('layout');
    const boxes = file.popplerWords();
    const units = await pdfiumUnits(bytes, pageSize.height * scale);
    const rows = pageKinds.map((kind) => {
      const pages = documents.flatMap(({ name }, i) => (name === kind ? [i] : []));
      const words = (page: number): TrueWord[] => linesOfPage(page).flatMap((line) => trueWords(line, scale));
      const joined = (page: number): TrueWord[] => linesOfPage(page).flatMap((line) => joinedWords(line, scale));
      const truth = pages.flatMap(textOfPage);
      const pdfium = pages.map((page) => fitsOfUnits(words(page), units[page] ?? []));
      const sameText = pages.filter(
        (page) => textOfPage(page).join('') === (units[page] ?? []).map(({ text }) => text).join(''),
      );
      const found = (lines: readonly string[][]): number =>
        shareFound(truth, wordsOf(pages.flatMap((page) => lines[page] ?? [])));
      return {
        kind,
        words: truth.length,
        'pdfium: text': sameText.length / pages.length,
        'pdfium: boxes': shareFitting(kind === 'lines' ? [] : pdfium.flatMap((fit) => fit ?? [0])),
        'poppler: words': found(layout),
        'poppler: words, -raw': found(raw),
        'poppler: boxes': shareFitting(pages.flatMap((page) => fits(joined(page), boxes[page] ?? []))),
      };
    });
    console.table(rows);
    for (const row of rows) {
      expect(row['poppler: words'], row.kind).toBe(1);
      expect(row['poppler: words, -raw'], row.kind).toBe(1);
      expect(row['pdfium: text'], row.kind).toBe(1);
      if (row.kind === 'lines') continue;
      expect(row['pdfium: boxes'], row.kind).toBeGreaterThanOrEqual(0.99);
      // Poppler has upright boxes alone.
      if (row.kind !== 'tilted 5-40 degrees') expect(row['poppler: boxes'], row.kind).toBeGreaterThanOrEqual(0.99);
    }
  });
});
