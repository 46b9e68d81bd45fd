import type { PDFDocument } from '@cantoo/pdf-lib';
import { packageVersion } from '../../package.js';
import { isPdf } from '../../pdf/pdf-file.js';
import type { ReadDocument } from '../read-document.js';
import { addLayers } from './add-layers.js';
import { literal } from './pdf-writer.js';
import { loadPdfLib, type PdfLib } from './pdf-lib.js';
import { picturePdf } from './picture-pdf.js';

export interface SearchablePdfOptions {
  /** Maximum width x height of a picture whose pixels must be decoded. 64 million by default. */
  readonly maxPixels?: number | undefined;
  /** The time in the file's metadata. Default: none, so that the same documents give the same bytes. */
  readonly created?: Date | undefined;
}

/**
 * Writes documents as one PDF file in which the text that was read can be searched and selected. A picture becomes a page
 * for each of its pages that was read. A PDF file keeps all its pages and gets invisible text on those that were read and
 * have no text of their own.
 *
 * @throws OcrHubError `package_missing` for a PDF file if @cantoo/pdf-lib is not installed; `pdf_unchangeable`,
 *   `pdf_password_missing`, `pdf_password_wrong`, `image_unreadable`, `image_too_large` for a file that cannot be used
 * @example
 * const pages = [{ number: 1, width: 800, height: 600, rotation: 0, lines: await system.read(image) }];
 * await writeFile('scan.pdf', await writeSearchablePdf([{ name: 'scan.jpg', bytes: picture, pages }]));
 */
export async function writeSearchablePdf(
  documents: readonly ReadDocument[],
  options: SearchablePdfOptions = {},
): Promise<Uint8Array> {
  const isFile = documents.map(({ bytes }) => isPdf(bytes));
  if (!isFile.includes(true)) return picturePdf(documents, options, infoOf(options));
  const pdfLib = await loadPdfLib();
  const [first] = documents;
  const pdf =
    documents.length === 1 && first !== undefined
      ? await addLayers(first, pdfLib)
      : await joined(documents, options, pdfLib);
  pdf.setProducer(producer);
  if (options.created !== undefined) pdf.setModificationDate(options.created);
  return pdf.save({ addDefaultPage: false, updateFieldAppearances: false });
}

const producer = `ocrhub ${packageVersion}`;

/** The pages of several files one after another, without the outlines and form fields of the files. */
async function joined(
  documents: readonly ReadDocument[],
  options: SearchablePdfOptions,
  pdfLib: PdfLib,
): Promise<PDFDocument> {
  const { PDFDocument } = pdfLib;
  const whole = await PDFDocument.create({ updateMetadata: false });
  if (options.created !== undefined) whole.setCreationDate(options.created);
  for (const document of documents) {
    const part = isPdf(document.bytes)
      ? await addLayers(document, pdfLib)
      : await PDFDocument.load(await picturePdf([document], options, infoOf(options)), { updateMetadata: false });
    for (const page of await whole.copyPages(part, part.getPageIndices())) whole.addPage(page);
  }
  return whole;
}

function infoOf({ created }: SearchablePdfOptions): string {
  const date = created === undefined ? '' : ` /CreationDate (${pdfDate(created)})`;
  return `<< /Producer ${literal(producer)}${date} >>`;
}

/** `D:YYYYMMDDHHmmSSZ`. */
function pdfDate(date: Date): string {
  return `D:${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}
