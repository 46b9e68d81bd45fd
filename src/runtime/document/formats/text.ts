import { oneRow } from '../line-text.js';
import { isReadText, type Page, type PageLine } from '../page.js';
import type { ReadDocument } from '../read-document.js';
import { paragraphsOf } from './paragraphs.js';

/**
 * The text of all pages: one line of a page a row, or one paragraph a row with an empty row between two. A form feed
 * separates pages, as in the output of `pdftotext`.
 */
export function writeText(
  documents: readonly ReadDocument[],
  { paragraphs }: { readonly paragraphs: boolean },
): string {
  return documents
    .flatMap(({ pages }) => pages)
    .map((page) => (paragraphs ? paragraphsOf(page).join('\n\n') : pageToText(page)))
    .map((text) => (text === '' ? '' : `${text}\n`))
    .join('\f');
}

/** The text of a page: one line of text a row, without a line break at the end. */
export function pageToText({ lines }: Page): string {
  return lines.map(({ text }) => oneRow(text)).join('\n');
}

/** The lines of a page as rows to print: confidence and text. */
export function pageToRows({ lines }: Page): string[] {
  return lines.map(lineToRow);
}

/**
 * What a module answered for one picture, as rows to print: confidence and text where the answer has them, otherwise the
 * JSON of each item. For an answer that is no page, or whose picture's size is unknown.
 */
export function entryToRows(entry: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
  return items.map((item) => (isReadText(item) ? lineToRow(item) : JSON.stringify(item)));
}

function lineToRow({ confidence, text }: Pick<PageLine, 'confidence' | 'text'>): string {
  return `${confidence.toFixed(3)}  ${text}`;
}
