import { OcrHubError } from '../errors/error.js';
import { writeDocuments, writePreviews, type WrittenFile } from '../document/formats/formats.js';
import { toPage } from '../document/page.js';
import type { ReadDocument, ReadPage } from '../document/read-document.js';
import { uprightPage } from '../document/upright-page.js';
import type { ComposedDocument } from '../pool/messages.js';
import type { AnsweredPage } from '../service/contract.js';
import type { OutputOptions, Previews } from '../service/reading.js';

/**
 * Writes what was read in a format.
 *
 * @throws OcrHubError `format_without_lines`, `lines_missing` if the module's entries are no lines of text
 */
export function compose(
  route: string,
  output: OutputOptions | Previews,
  documents: readonly ComposedDocument[],
  maxPixels: number,
): Promise<WrittenFile> {
  const read = documents.map(({ pages, ...document }): ReadDocument => ({
    ...document,
    pages: pages.map((page) => toReadPage(page) ?? refuse(route, output)),
  }));
  if (output.format === 'previews') return writePreviews(read, { maxPixels });
  const { format, paragraphs } = output;
  return writeDocuments(format, read, { paragraphs, maxPixels });
}

function toReadPage({ number, dpi, entry = 'null', ...size }: AnsweredPage): ReadPage | undefined {
  const page = toPage(size, JSON.parse(entry));
  return page && uprightPage({ ...page, number, dpi });
}

function refuse(module: string, { format }: OutputOptions | Previews): never {
  if (format === 'previews') throw new OcrHubError('lines_missing', { module });
  throw new OcrHubError('format_without_lines', { module, format });
}
