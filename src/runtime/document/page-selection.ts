import { OcrHubError } from '../errors/error.js';
import type { Document } from './document.js';

/** First and last page, from 1. */
type PageRange = readonly [first: number, last: number];

/** `1-3,7` and `5-`: page numbers and ranges with commas between them; a range without an end goes to the last page. */
const pageSelectionPattern = /^\s*\d+(\s*-\s*\d*)?(\s*,\s*\d+(\s*-\s*\d*)?)*\s*$/;

/** Longer texts are refused: each range costs time. */
const maxSelectionLength = 2000;

/**
 * The numbers of the pages to read, in the order they were asked for, each once.
 *
 * @param selection such as `1-3,7`; undefined: the usual pages of the document. A
 *   picture has no pages to select: it may be in a request beside documents
 * @param maxPages maximum number of pages
 * @throws OcrHubError `page_missing` for a page after the last, `pages_too_many`
 */
export function selectPages(
  { kind, pageCount, usualPages }: Pick<Document, 'kind' | 'pageCount' | 'usualPages'>,
  selection: string | undefined,
  maxPages: number,
): readonly number[] {
  const isUsual = selection === undefined || (kind === 'picture' && pageCount === 1);
  const pages = isUsual ? usualPages : [...numbersIn(selection, pageCount)];
  if (pages.length > maxPages) throw new OcrHubError('pages_too_many', { count: pages.length, limit: maxPages });
  return pages;
}

function numbersIn(selection: string, pageCount: number): Set<number> {
  const numbers = new Set<number>();
  for (const [first, last] of parsePageSelection(selection)) {
    if (first > pageCount) throw new OcrHubError('page_missing', { page: first, pageCount });
    for (let number = first; number <= Math.min(last, pageCount); number++) numbers.add(number);
  }
  return numbers;
}

/** @throws OcrHubError `value_invalid` for anything but page numbers and ranges, and for a range that ends before it begins */
export function parsePageSelection(selection: string, subject = 'pages'): PageRange[] {
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('value_invalid', { subject, key: '', value: selection, problem });
  if (selection.length > maxSelectionLength) throw refuse(`longer than ${maxSelectionLength} characters`);
  if (!pageSelectionPattern.test(selection)) throw refuse('expected page numbers such as 1-3,7 or 5-');
  return selection.split(',').map((part) => {
    const [first = 0, last = first] = part.split('-').map((text) => (text.trim() === '' ? Infinity : Number(text)));
    if (first < 1) throw refuse('the first page is 1');
    if (last < first) throw refuse(`the range ${part.trim()} ends before it begins`);
    return [first, last];
  });
}
