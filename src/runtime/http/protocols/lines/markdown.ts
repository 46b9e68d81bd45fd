import { writeMarkdown } from '../../../document/formats/markdown.js';
import type { ReadPage } from '../../../document/read-document.js';

/** A page as Markdown, without a line break at its end. */
export function markdownOf(page: ReadPage): string {
  return writeMarkdown([{ name: '', bytes: new Uint8Array(), pages: [page] }]).trimEnd();
}
