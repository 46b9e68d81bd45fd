import type { ReadDocument } from '../read-document.js';
import { boxAround, filePages, type Box, type FilePage } from './file-page.js';
import { oneRow } from '../line-text.js';

/**
 * The table that `tesseract picture out tsv` writes: a row for each page, block, paragraph, line and word. A page is one
 * block with one paragraph. Pages are counted over all documents.
 */
export function writeTsv(documents: readonly ReadDocument[]): string {
  const rows = filePages(documents).flatMap(rowsOfPage);
  return [header, ...rows].map((cells) => `${cells.join('\t')}\n`).join('');
}

// GetTSVText of tesseract's src/api/baseapi.cpp.
const header = [
  'level',
  'page_num',
  'block_num',
  'par_num',
  'line_num',
  'word_num',
  'left',
  'top',
  'width',
  'height',
  'conf',
  'text',
];

type Row = readonly (string | number)[];

function rowsOfPage({ index, width, height, lines }: FilePage): Row[] {
  const page = [1, index, 0, 0, 0, 0, 0, 0, width, height, -1, ''];
  if (lines.length === 0) return [page];
  const around = cellsOf(boxAround(lines));
  return [
    page,
    [2, index, 1, 0, 0, 0, ...around, -1, ''],
    [3, index, 1, 1, 0, 0, ...around, -1, ''],
    ...lines.flatMap(({ box, words }, i) => [
      [4, index, 1, 1, i + 1, 0, ...cellsOf(box), -1, ''],
      ...words.map((word, j) => [
        ...[5, index, 1, 1, i + 1, j + 1, ...cellsOf(word.box)],
        ...[(word.confidence * 100).toFixed(6), oneRow(word.text)],
      ]),
    ]),
  ];
}

function cellsOf({ left, top, right, bottom }: Box): number[] {
  return [left, top, right - left, bottom - top];
}
