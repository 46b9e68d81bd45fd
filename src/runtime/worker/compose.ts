import { OcrHubError } from '../errors/error.js';
import { writeDocuments, type WrittenFile } from '../document/formats/formats.js';
import { toPage } from '../document/page.js';
import type { ReadDocument, ReadPage } from '../document/read-document.js';
import type { ComposedDocument } from '../pool/messages.js';
import type { AnsweredPage } from '../service/contract.js';
import type { OutputOptions } from '../service/reading.js';

/**
 * Writes what was read in a format.
 *
 * @throws OcrHubError `format_without_lines` if the module's entries are no lines of text
 */
export function compose(
  route: string,
  { format, paragraphs }: OutputOptions,
  documents: readonly ComposedDocument[],
  maxPixels: number,
): Promise<WrittenFile> {
  const read = documents.map(({ pages, ...document }): ReadDocument => ({
    ...document,
    pages: pages.map((page) => toReadPage(page) ?? refuse(route, format)),
  }));
  return writeDocuments(format, read, { paragraphs, maxPixels });
}

function toReadPage({ number, dpi, entry = 'null', ...size }: AnsweredPage): ReadPage | undefined {
  const page = toPage(size, JSON.parse(entry));
  return page && { ...page, number, dpi };
}

function refuse(module: string, format: string): never {
  throw new OcrHubError('format_without_lines', { module, format });
}
