import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Point } from '../../src/runtime/geometry/point.js';
import { takePdfium } from '../../src/runtime/pdf/pdfium.js';

/** Words on a page in the order of a reader, with their boxes in points from the top left of the page. */
export interface FoundWord {
  readonly text: string;
  readonly corners: readonly Point[];
}

/** Programs of other projects that the checks need. */
export const missingPrograms = [
  ['pdftotext', '-v', 'poppler-utils'],
  ['qpdf', '--version', 'qpdf'],
].flatMap(([command = '', flag = '', debian]) =>
  spawnSync(command, [flag]).status === 0 ? [] : [`${command} (apt-get install ${debian})`],
);

/** A PDF file in a folder, as poppler and qpdf see it. */
export class FileInFolder {
  readonly #file: string;

  constructor(folder: string, bytes: Uint8Array) {
    this.#file = path.join(folder, 'searchable.pdf');
    writeFileSync(this.#file, bytes);
  }

  /** The lines of each page by poppler: in the order of the file, or as poppler orders what it sees. */
  popplerLines(order: 'raw' | 'layout'): string[][] {
    const flags = order === 'raw' ? ['-raw'] : [];
    return this.#run('pdftotext', [...flags, this.#file, '-'])
      .split('\f')
      .slice(0, -1)
      .map((page) =>
        page
          .split('\n')
          .map(withoutMarks)
          .filter((line) => line !== ''),
      );
  }

  popplerWords(): FoundWord[][] {
    const html = this.#run('pdftotext', ['-bbox', this.#file, '-']);
    return html
      .split('<page ')
      .slice(1)
      .map((page) =>
        [
          ...page.matchAll(/<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)<\/word>/g),
        ].map(([, x0, y0, x1, y1, text = '']) => ({
          text: withoutMarks(unescaped(text)),
          corners: [
            [Number(x0), Number(y0)],
            [Number(x1), Number(y1)],
          ],
        })),
      );
  }

  /** What qpdf has to say beside that the file is fine. */
  problems(): string {
    const { status, stdout, stderr } = spawnSync('qpdf', ['--check', this.#file], { encoding: 'utf8' });
    return status === 0 && stdout.includes('No syntax or stream encoding errors found') ? '' : `${stdout}${stderr}`;
  }

  #run(command: string, args: readonly string[]): string {
    return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'inherit'] });
  }
}

/** The UTF-16 units of each page's text by pdfium, without spaces, in its order of reading. */
export async function pdfiumUnits(bytes: Uint8Array, pageHeight: number): Promise<FoundWord[][]> {
  const pdfium = await takePdfium();
  const { api } = pdfium;
  return pdfium.withMemory(bytes.length + 48, (pointer) => {
    pdfium.bytes().set(bytes, pointer);
    const document = api.FPDF_LoadMemDocument(pointer, bytes.length, '');
    const pages = Array.from({ length: api.FPDF_GetPageCount(document) }, (_, index) => {
      const page = api.FPDF_LoadPage(document, index);
      const text = api.FPDFText_LoadPage(page);
      const units = Array.from({ length: api.FPDFText_CountChars(text) }, (_, i): FoundWord => {
        const box = pointer + bytes.length + (8 - (bytes.length % 8));
        api.FPDFText_GetCharBox(text, i, box, box + 8, box + 16, box + 24);
        const [left = 0, right = 0, bottom = 0, top = 0] = [0, 8, 16, 24].map((at) => pdfium.float64(box + at));
        const corners: Point[] = [
          [left, pageHeight - top],
          [right, pageHeight - bottom],
        ];
        return { text: String.fromCodePoint(api.FPDFText_GetUnicode(text, i)), corners };
      });
      api.FPDFText_ClosePage(text);
      api.FPDF_ClosePage(page);
      return units
        .filter(({ text: unit }) => unit.trim() !== '')
        .flatMap(({ text: unit, corners }) => unit.split('').map((half) => ({ text: half, corners })));
    });
    api.FPDF_CloseDocument(document);
    return pages;
  });
}

/** Poppler marks text from right to left with invisible characters. */
function withoutMarks(text: string): string {
  return text.replace(/[\u202a-\u202e\u200e\u200f]/g, '').trim();
}

function unescaped(html: string): string {
  return html
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
