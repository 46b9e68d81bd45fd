import { isPdf } from '../pdf/pdf-file.js';
import type { Document, DocumentOptions } from './document.js';
import { openPdf } from './open-pdf.js';
import { openPicture } from './open-picture.js';

/**
 * Opens a file: a picture is a document of one page, TIFF and PDF files have as many pages as they say. Close it when all
 * pages are read.
 *
 * @throws OcrHubError `image_unreadable` when the file is in no known format, or its header is damaged; `pdf_password_missing` for an
 *   encrypted PDF file without its password
 * @example
 * const document = await openDocument(await readFile('scan.pdf'), { dpi: 300 });
 * for await (const { number, image } of document.pages()) console.log(number, await system.read(image));
 * document.close();
 */
export function openDocument(bytes: Uint8Array, options: DocumentOptions = {}): Promise<Document> {
  return isPdf(bytes) ? openPdf(bytes, options) : openPicture(bytes, options);
}
