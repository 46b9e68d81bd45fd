import { expect, it } from 'vitest';
import { writeTsv } from '../../../../src/runtime/document/formats/tsv.js';
import { hardDocuments, line, readDocument, readPage, rectangle, word } from '../../../helpers/read-documents.js';

it('writeTsv writes the rows and columns of tesseract', () => {
  const words = [word('Hello', rectangle(10, 12, 50, 30), 0.96063751), word('world', rectangle(55, 10, 110, 28), 1)];
  const lines = [line('Hello world', rectangle(10, 10, 110, 30), words), line('no words', rectangle(8, 40, 90, 60))];
  expect(writeTsv([readDocument([readPage(lines), readPage([])])])).toBe(
    [
      'level page_num block_num par_num line_num word_num left top width height conf text',
      '1 1 0 0 0 0 0 0 200 100 -1 ',
      '2 1 1 0 0 0 8 10 102 50 -1 ',
      '3 1 1 1 0 0 8 10 102 50 -1 ',
      '4 1 1 1 1 0 10 10 100 20 -1 ',
      '5 1 1 1 1 1 10 12 40 18 96.063751 Hello',
      '5 1 1 1 1 2 55 10 55 18 100.000000 world',
      '4 1 1 1 2 0 8 40 82 20 -1 ',
      '5 1 1 1 2 1 8 40 82 20 90.000000 no_words',
      '1 2 0 0 0 0 0 0 200 100 -1 ',
      '',
    ]
      .map((row) => row.replaceAll(' ', '\t').replace('no_words', 'no words'))
      .join('\n'),
  );
});

it('writeTsv counts the pages of all documents, and each row has 12 cells', () => {
  const rows = writeTsv(hardDocuments).trimEnd().split('\n').slice(1);
  const cells = rows.map((row) => row.split('\t'));
  expect(new Set(cells.map(({ length }) => length))).toEqual(new Set([12]));
  expect([...new Set(cells.map(([, page]) => page))]).toEqual(['1', '2', '3', '4', '5']);
  const texts = cells.filter(([level]) => level === '5').map((row) => row[11]);
  expect(texts).toEqual([
    ...['Hello', '<b>&"world\'s"', 'no words here \ud800', 'tilted text'],
    ...['世', '界', 'OCR', 'שלום', 'עולם', '𠮷🍵', 'turned', 'once more'],
  ]);
});
