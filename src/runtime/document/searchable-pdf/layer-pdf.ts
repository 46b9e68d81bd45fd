import type { ReadPage } from '../read-document.js';
import { addLayerFont, layerFont } from './text/layer-font.js';
import type { Matrix } from './matrix.js';
import { PdfWriter, type Reference } from './pdf-writer.js';
import { TextCodes } from './text/text-codes.js';
import { textLayer } from './text/text-layer.js';

/** The text of a page of an existing file. */
export interface PageLayer {
  readonly page: ReadPage;
  /** From pixels of the page as it was read to units of the page in its file. */
  readonly toPage: Matrix;
}

/** A file whose pages hold nothing but text layers. They are copied into an existing file. */
export async function layerPdf(layers: readonly PageLayer[]): Promise<Uint8Array> {
  const file = new PdfWriter();
  const codes = new TextCodes();
  const tree = file.reserve();
  const font = file.reserve();
  const pages: Reference[] = [];
  for (const { page, toPage } of layers) {
    const content = await file.addCompressed('', textLayer(page.lines, { toPage, turn: page.rotation }, codes));
    const entries = `/MediaBox [0 0 1 1] /Resources << /Font << /${layerFont} ${font} >> >>`;
    pages.push(file.add(`<< /Type /Page /Parent ${tree} /Contents ${content} ${entries} >>`));
  }
  await addLayerFont(file, codes, font);
  file.add(`<< /Type /Pages /Count ${pages.length} /Kids [${pages.join(' ')}] >>`, tree);
  return file.toBytes({ root: file.add(`<< /Type /Catalog /Pages ${tree} >>`), info: file.add('<< >>') });
}
