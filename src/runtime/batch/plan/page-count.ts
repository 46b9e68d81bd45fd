import path from 'node:path';
import type { DocumentOptions } from '../../document/document.js';
import { openDocument } from '../../document/open.js';
import { selectPages } from '../../document/page-selection.js';
import { OcrHubError } from '../../errors/error.js';
import type { Source } from '../source/source.js';

export interface CountOptions extends DocumentOptions {
  /** As for `selectPages`. */
  readonly pages: string | undefined;
}

/** Whether a file is of a kind that can have several pages, by its first bytes or else by its name. */
export async function mayHavePages(source: Source, src: string): Promise<boolean> {
  const head = await source.head(src).catch(() => undefined);
  if (head === undefined) return isNamedAsDocument(src);
  return isDocument(head);
}

/** @param head the first bytes of a file; a PDF file may have some before its header */
export function isDocument(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 1024)).toString('latin1');
  return text.includes('%PDF-') || /^(II[*+]\0|MM\0[*+])/.test(text);
}

export function isNamedAsDocument(src: string): boolean {
  return /^\.(pdf|tiff?)$/i.test(path.extname(src));
}

/**
 * The numbers of the pages of a document that are read. A document that cannot be opened counts as one page, so that it ends as a
 * line that says why.
 */
export async function pagesOf(
  source: Source,
  src: string,
  { pages, ...options }: CountOptions,
): Promise<readonly number[]> {
  try {
    const document = await openDocument((await source.read(src)).bytes, options);
    try {
      const numbers = selectPages(document, pages, Infinity);
      // A file without pages is not left out either.
      return numbers.length === 0 ? [1] : numbers;
    } finally {
      document.close();
    }
  } catch (error) {
    if (OcrHubError.is(error)) return [1];
    throw error;
  }
}
