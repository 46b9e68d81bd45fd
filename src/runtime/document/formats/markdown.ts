import type { ReadDocument } from '../read-document.js';
import { paragraphsOf } from './paragraphs.js';

/** The paragraphs of all pages as Markdown, with a thematic break between two pages. */
export function writeMarkdown(documents: readonly ReadDocument[]): string {
  const pages = documents.flatMap(({ pages }) => pages).map((page) => paragraphsOf(page).map(escapeMarkdown));
  const blocks = pages.flatMap((paragraphs, i) => (i === 0 ? paragraphs : ['---', ...paragraphs]));
  return blocks.map((text) => `${text}\n`).join('\n');
}

/** A paragraph on one row, in which nothing is markup in CommonMark or GitHub's Markdown. */
export function escapeMarkdown(text: string): string {
  return text
    .trim()
    .replace(/[\\`*[\]<~|]|&(?=[#\p{L}])/gu, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^(?:#{1,6}(?=\s|$)|[-+=]|>)/u, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/u, '$1\\$2');
}
