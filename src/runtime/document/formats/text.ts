import { isReadText, type Page } from '../page.js';

/** The text of a page: one line of text a row, without a line break at the end. */
export function pageToText({ lines }: Page): string {
  return lines.map(({ text }) => text).join('\n');
}

/**
 * What a module answered for one picture, as rows to print: confidence and text where the answer has them, otherwise the
 * JSON of each item.
 */
export function entryToRows(entry: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
  return items.map((item) => (isReadText(item) ? `${item.confidence.toFixed(3)}  ${item.text}` : JSON.stringify(item)));
}
