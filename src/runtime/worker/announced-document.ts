import type { Document, DocumentOptions } from '../document/document.js';
import { openDocument } from '../document/open.js';
import { OcrHubError } from '../errors/error.js';
import type { TaskFile } from '../pool/messages.js';

/** Tells the server that this process decodes a file from now on, or, with null, that it does not any more. */
export type AnnounceDecoding = (file: number | null, page?: number) => void;

/**
 * Opens the file of a task. Each step that decodes is announced, so that the server can limit what it uses.
 *
 * @throws OcrHubError `image_unreadable` and the other errors of `openDocument`; `image_too_costly` for a file that was over the
 *   limits before
 */
export async function openAnnounced(
  file: TaskFile,
  options: DocumentOptions,
  announce: AnnounceDecoding,
): Promise<Document> {
  if (file.tooCostly !== undefined) throw new OcrHubError('image_too_costly', { reason: file.tooCostly });
  const { bytes } = file;
  if (bytes === null) throw new Error('the process does not hold the file that its task is for');
  const announced = async <T>(decode: () => Promise<T>, page?: number): Promise<T> => {
    announce(file.id, page);
    try {
      return await decode();
    } finally {
      announce(null);
    }
  };
  const document = await announced(() => openDocument(bytes, options));
  const named = (number: number): number | undefined => (document.pageCount > 1 ? number : undefined);
  const page: Document['page'] = (number) => announced(() => document.page(number), named(number));
  return {
    kind: document.kind,
    pageCount: document.pageCount,
    usualPages: document.usualPages,
    page,
    async *pages(numbers = document.usualPages) {
      for (const number of numbers) yield await page(number);
    },
    textOf(number) {
      announce(file.id, named(number));
      try {
        return document.textOf(number);
      } finally {
        announce(null);
      }
    },
    close: () => document.close(),
  };
}
