import { degrees, PDFDocument, StandardFonts, type PDFPage } from '@cantoo/pdf-lib';

export interface PdfPageSpec {
  /** Points. Default: A4. */
  readonly size?: readonly [number, number];
  /** Lines of text, from the top. */
  readonly text?: readonly string[];
  /** A PNG or JPEG picture that fills the page. */
  readonly picture?: Uint8Array;
  /** Degrees of `/Rotate`. */
  readonly rotate?: number;
  /** Left, bottom, width, height in points. */
  readonly cropBox?: readonly [number, number, number, number];
  /** Draws more on the page. */
  readonly draw?: (page: PDFPage, document: PDFDocument) => Promise<void> | void;
}

export interface PdfOptions {
  readonly password?: string;
  /** The objects are text in the file. */
  readonly isPlain?: boolean;
}

/** Makes a PDF file. */
export async function makePdf(pages: readonly PdfPageSpec[], options: PdfOptions = {}): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const { size = [595, 842], text = [], picture, rotate, cropBox, draw } of pages) {
    const page = document.addPage([size[0], size[1]]);
    if (rotate !== undefined) page.setRotation(degrees(rotate));
    if (cropBox !== undefined) page.setCropBox(...cropBox);
    if (picture !== undefined) {
      const image = picture[0] === 0xff ? await document.embedJpg(picture) : await document.embedPng(picture);
      page.drawImage(image, { x: 0, y: 0, width: size[0], height: size[1] });
    }
    text.forEach((line, i) => {
      page.drawText(line, { x: 72, y: size[1] - 100 - i * 40, size: 24, font });
    });
    await draw?.(page, document);
  }
  if (options.password !== undefined) document.encrypt({ userPassword: options.password, ownerPassword: 'owner' });
  return document.save({ useObjectStreams: options.isPlain !== true });
}
