import type { PDFDocument, PDFObject, PDFPage } from '@cantoo/pdf-lib';
import { OcrHubError } from '../../errors/error.js';
import { openDocument } from '../open.js';
import type { ReadDocument, ReadPage } from '../read-document.js';
import { layerFont } from './text/layer-font.js';
import { layerPdf, type PageLayer } from './layer-pdf.js';
import { pixelsToPage, type Box } from './matrix.js';
import type { PdfLib } from './pdf-lib.js';
import { deleteUnreachable } from './unreachable.js';

/**
 * Opens a PDF file and adds a layer of invisible text to each page that was read and has no text of its own. Everything
 * else stays as it is, except encryption: the file is decrypted.
 *
 * @throws OcrHubError `pdf_unchangeable` for a file that pdf-lib cannot parse; `pdf_password_missing`,
 *   `pdf_password_wrong`
 */
export async function addLayers(document: ReadDocument, pdfLib: PdfLib): Promise<PDFDocument> {
  const pages = await pagesWithoutText(document);
  try {
    const pdf = await load(document, pdfLib);
    const layers = pages.map((page) => ({ page, toPage: matrixOf(pdf.getPage(page.number - 1), page) }));
    if (layers.length > 0) await copyLayers(pdf, layers, pdfLib);
    return pdf;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new OcrHubError('pdf_unchangeable', { file: document.name, problem }, { cause: error });
  }
}

async function pagesWithoutText({ bytes, password, pages }: ReadDocument): Promise<ReadPage[]> {
  const file = await openDocument(bytes, { password });
  try {
    return pages.filter((page) => page.lines.length > 0 && file.textOf(page.number) === undefined);
  } finally {
    file.close();
  }
}

async function load({ bytes, password = '' }: ReadDocument, pdfLib: PdfLib): Promise<PDFDocument> {
  const open = (word: string): Promise<PDFDocument> =>
    pdfLib.PDFDocument.load(bytes, { password: word, updateMetadata: false, preserveXFA: true });
  // A file may be encrypted with an empty password, and opened so although another was given.
  const pdf = await open(password).catch((error: unknown) => {
    if (password === '' || !isWrongPassword(error)) throw error;
    return open('');
  });
  // pdf-lib keeps the table of an encrypted file as an object, from which readers take that the new file is encrypted.
  if (pdf.context.isDecrypted) deleteUnreachable(pdf.context, pdfLib);
  return pdf;
}

/** pdf-lib has no code for it. */
function isWrongPassword(error: unknown): boolean {
  return error instanceof Error && /password/i.test(error.message);
}

/** From the pixels of a page as it was read: the crop box, turned by `/Rotate` and by the page's own rotation. */
function matrixOf(pdfPage: PDFPage, page: ReadPage): PageLayer['toPage'] {
  return pixelsToPage(page, shownBox(pdfPage), pdfPage.getRotation().angle + page.rotation);
}

/** The part of a page that is shown: the crop box within the media box. */
function shownBox(page: PDFPage): Box {
  const media = corners(page.getMediaBox());
  const crop = corners(page.getCropBox());
  const box: Box = [
    Math.max(media[0], crop[0]),
    Math.max(media[1], crop[1]),
    Math.min(media[2], crop[2]),
    Math.min(media[3], crop[3]),
  ];
  return box[0] < box[2] && box[1] < box[3] ? box : media;
}

/** Any two opposite corners may be in the file. */
function corners({ x, y, width, height }: ReturnType<PDFPage['getMediaBox']>): Box {
  return [Math.min(x, x + width), Math.min(y, y + height), Math.max(x, x + width), Math.max(y, y + height)];
}

async function copyLayers(pdf: PDFDocument, layers: readonly PageLayer[], pdfLib: PdfLib): Promise<void> {
  const { PDFDict, PDFDocument, PDFName, PDFObjectCopier } = pdfLib;
  const source = await PDFDocument.load(await layerPdf(layers), { updateMetadata: false });
  const copier = PDFObjectCopier.for(source.context, pdf.context);
  layers.forEach(({ page }, i) => {
    const { node } = source.getPage(i);
    const font = node.Resources()?.lookup(PDFName.of('Font'), PDFDict).get(PDFName.of(layerFont));
    const content = node.get(PDFName.of('Contents'));
    if (font === undefined || content === undefined) throw new Error(`layer ${i} has no font or no content`);
    const target = pdf.getPage(page.number - 1);
    addFont(target, copier.copy(font), pdfLib);
    putFirst(target, copier.copy(content), pdfLib);
  });
}

/** Pages may share their resources, so this page gets its own. */
function addFont({ node, doc }: PDFPage, font: PDFObject, { PDFDict, PDFName }: PdfLib): void {
  const { context } = doc;
  const resources = node.Resources()?.clone(context) ?? context.obj({});
  const fonts = resources.lookupMaybe(PDFName.of('Font'), PDFDict)?.clone(context) ?? context.obj({});
  fonts.set(PDFName.of(layerFont), font);
  resources.set(PDFName.of('Font'), fonts);
  node.set(PDFName.of('Resources'), resources);
}

/** Before the page's own content, which may leave a changed coordinate system behind. */
function putFirst({ node, doc }: PDFPage, content: PDFObject, { PDFArray, PDFName }: PdfLib): void {
  const key = PDFName.of('Contents');
  const own = node.get(key);
  const streams = doc.context.lookup(own);
  const others = streams instanceof PDFArray ? streams.asArray() : own === undefined ? [] : [own];
  node.set(key, doc.context.obj([content, ...others]));
}
