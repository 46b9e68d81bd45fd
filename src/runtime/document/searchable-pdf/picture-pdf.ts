import type { ReadDocument } from '../read-document.js';
import { addLayerFont, layerFont } from './text/layer-font.js';
import { combined, pixelsToPage, writtenMatrix, type Box, type Matrix } from './matrix.js';
import { pagePictures, type PagePicture } from './page-picture.js';
import { num, PdfWriter, type Reference } from './pdf-writer.js';
import { addPicture } from './picture-object.js';
import { pictureTurn } from './picture-turn.js';
import { TextCodes } from './text/text-codes.js';
import { textLayer } from './text/text-layer.js';

/**
 * Writes the pages of pictures, each with the text that was read on it.
 *
 * @param info the dictionary with the file's metadata
 */
export async function picturePdf(
  documents: readonly ReadDocument[],
  options: { readonly maxPixels?: number | undefined },
  info: string,
): Promise<Uint8Array> {
  const file = new PdfWriter();
  const shared: Shared = { file, codes: new TextCodes(), tree: file.reserve(), font: file.reserve() };
  const pages: Reference[] = [];
  for (const document of documents) {
    for await (const picture of pagePictures(document, options)) pages.push(await addPage(picture, shared));
  }
  await addLayerFont(file, shared.codes, shared.font);
  file.add(`<< /Type /Pages /Count ${pages.length} /Kids [${pages.join(' ')}] >>`, shared.tree);
  const root = file.add(`<< /Type /Catalog /Pages ${shared.tree} >>`);
  return file.toBytes({ root, info: file.add(info) });
}

/** What all pages of a file share. */
interface Shared {
  readonly file: PdfWriter;
  readonly codes: TextCodes;
  readonly tree: Reference;
  readonly font: Reference;
}

async function addPage({ page, picture, orientation, dpi }: PagePicture, shared: Shared): Promise<Reference> {
  const { file, codes, tree, font } = shared;
  const scale = Math.min(72 / dpi, maxPageSize / Math.max(page.width, page.height));
  const box: Box = [0, 0, page.width * scale, page.height * scale];
  const [, , right, top] = box;
  const place: Matrix = combined(pictureTurn(orientation, page.rotation), [right, 0, 0, top, 0, 0]);
  const layer = textLayer(page.lines, { toPage: pixelsToPage(page, box, 0), turn: 0 }, codes);
  const content = await file.addCompressed('', `q ${writtenMatrix(place)} cm /P Do Q\n${layer}`);
  const image = addPicture(file, picture);
  return file.add(
    `<< /Type /Page /Parent ${tree} /MediaBox [0 0 ${num(right)} ${num(top)}] /Contents ${content} ` +
      `/Resources << /XObject << /P ${image} >> /Font << /${layerFont} ${font} >> >> >>`,
  );
}

/** Length of a side in units of a page, the limit of many readers (ISO 32000-1, annex C). */
const maxPageSize = 14_400;
