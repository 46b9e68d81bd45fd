import type { Quad } from '../../src/runtime/geometry/point.js';
import type { PageLine, TextWord } from '../../src/runtime/document/page.js';
import type { ReadDocument, ReadPage } from '../../src/runtime/document/read-document.js';

export const created = new Date('2026-11-30T12:00:00Z');

/** An upright rectangle. */
export function rectangle(left: number, top: number, right: number, bottom: number): Quad {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

export function line(text: string, region: Quad, words?: readonly TextWord[], confidence = 0.9): PageLine {
  return { text, confidence, text_region: region, ...(words === undefined ? {} : { words }) };
}

export function word(text: string, region: Quad, confidence = 0.875): TextWord {
  return { text, confidence, region };
}

export function readPage(lines: readonly PageLine[], page: Partial<ReadPage> = {}): ReadPage {
  return { number: 1, width: 200, height: 100, rotation: 0, lines, ...page };
}

export function readDocument(pages: readonly ReadPage[], name = 'scan.png'): ReadDocument {
  return { name, bytes: new Uint8Array(), pages };
}

/**
 * What is hard to write: markup and characters that XML forbids in the text, a line without words, a tilted line, Chinese
 * without spaces, text from right to left, characters beyond U+FFFF, lines without text, corners outside of the page,
 * empty and turned pages, and two documents with one name.
 */
export const hardDocuments: readonly ReadDocument[] = [
  readDocument(
    [
      readPage(
        [
          line('Hello <b>&"world\'s"', rectangle(10, 10, 110, 30), [
            word('Hello', rectangle(10, 10, 50, 30), 0.96063751),
            word('<b>&"world\'s"', rectangle(55, 10, 110, 30), 1),
          ]),
          line('no words\there\u0000\u{d800}', rectangle(-5, 40, 250, 60)),
          line('tilted text', [
            [10, 60],
            [90, 70],
            [88, 86],
            [8, 76],
          ]),
          line('', rectangle(0, 0, 0, 0)),
        ],
        { dpi: 150 },
      ),
      readPage([], { number: 2 }),
      readPage(
        [
          line('世界 OCR', rectangle(10, 10, 90, 30), [
            word('世', rectangle(10, 10, 30, 30), 0.5),
            word('界', rectangle(32, 10, 50, 30), 0),
            word('OCR', rectangle(55, 10, 90, 30)),
          ]),
          line('שלום עולם', rectangle(100, 10, 190, 30), [
            word('שלום', rectangle(150, 10, 190, 30)),
            word('עולם', rectangle(100, 10, 145, 30)),
          ]),
          line('𠮷🍵', rectangle(10, 40, 60, 60)),
        ],
        { number: 3 },
      ),
    ],
    'two; "pages" & more.tiff',
  ),
  readDocument([readPage([line('turned', rectangle(10, 20, 60, 40))], { rotation: 90, dpi: 72.5 })]),
  readDocument([readPage([line('once more', rectangle(10, 20, 60, 40))])]),
];
