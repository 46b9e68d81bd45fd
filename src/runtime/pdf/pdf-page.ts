import type { Image, Size } from '../image/image.js';
import type { FormFields } from './form-fields.js';
import type { Pdfium } from './pdfium.js';
import { readTextLines, type TextLine } from './text-layer.js';

/** Kinds of FPDFPageObj_GetType. */
export const objectKinds = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;

const pointsPerInch = 72;

/** Format BGR of FPDFBitmap_CreateEx: 3 bytes a pixel. */
const threeBytes = 2;

/** Flags of FPDF_RenderPageBitmap: draw annotations; write R G B instead of B G R. */
const withAnnotations = 0x01;
const redFirst = 0x10;

/** A loaded page. Lengths in inches are those of the page as it is shown, turned by `/Rotate`. */
export class PdfPage {
  readonly inches: readonly [width: number, height: number];
  readonly #pdfium: Pdfium;
  readonly #page: number;

  private constructor(pdfium: Pdfium, page: number) {
    this.#pdfium = pdfium;
    this.#page = page;
    const { FPDF_GetPageWidthF: width, FPDF_GetPageHeightF: height } = pdfium.api;
    this.inches = [width(page) / pointsPerInch, height(page) / pointsPerInch];
  }

  /** Answers undefined for a page that cannot be parsed. */
  static load(pdfium: Pdfium, document: number, index: number): PdfPage | undefined {
    const { api } = pdfium;
    const page = api.FPDF_LoadPage(document, index);
    if (page === 0) return undefined;
    if (api.FPDF_GetPageWidthF(page) > 0 && api.FPDF_GetPageHeightF(page) > 0) return new PdfPage(pdfium, page);
    showWhole(pdfium, page);
    api.FPDF_ClosePage(page);
    const whole = api.FPDF_LoadPage(document, index);
    return whole === 0 ? undefined : new PdfPage(pdfium, whole);
  }

  /** The sides of a page whose content is not parsed. */
  static inchesOf(pdfium: Pdfium, document: number, index: number): readonly [width: number, height: number] {
    return pdfium.withMemory(8, (pointer) => {
      pdfium.api.FPDF_GetPageSizeByIndexF(document, index, pointer);
      return [pdfium.float32(pointer) / pointsPerInch, pdfium.float32(pointer + 4) / pointsPerInch];
    });
  }

  /** Whether it has neither content that the library understands nor annotations. */
  get isEmpty(): boolean {
    const { FPDFPage_CountObjects: objects, FPDFPage_GetAnnotCount: annotations } = this.#pdfium.api;
    return objects(this.#page) === 0 && annotations(this.#page) === 0;
  }

  close(): void {
    this.#pdfium.api.FPDF_ClosePage(this.#page);
  }

  /** The kind of each drawn object, and of pictures their pixels and the length of their sides in inches. */
  *objects(): Generator<PageObject, void> {
    const { api } = this.#pdfium;
    const count = api.FPDFPage_CountObjects(this.#page);
    for (let i = 0; i < count; i++) {
      const object = api.FPDFPage_GetObject(this.#page, i);
      const kind = api.FPDFPageObj_GetType(object);
      if (kind === objectKinds.image) yield { kind, ...this.#pictureOf(object) };
      else yield { kind, isInvisible: kind === objectKinds.text && isInvisibleText(api, object) };
    }
  }

  render({ width, height }: Size, form: FormFields | undefined): Image {
    const pdfium = this.#pdfium;
    const { api } = pdfium;
    const stride = Math.ceil((width * 3) / 4) * 4;
    const pixels = pdfium.allocate(stride * height);
    const bitmap = api.FPDFBitmap_CreateEx(width, height, threeBytes, pixels, stride);
    try {
      pdfium.bytes().fill(0xff, pixels, pixels + stride * height);
      const flags = withAnnotations | redFirst;
      api.FPDF_RenderPageBitmap(bitmap, this.#page, 0, 0, width, height, 0, flags);
      form?.draw(bitmap, this.#page, { width, height }, flags);
      return {
        width,
        height,
        data: withoutPadding(pdfium.bytes().subarray(pixels, pixels + stride * height), stride, width * 3),
      };
    } finally {
      api.FPDFBitmap_Destroy(bitmap);
      pdfium.free(pixels);
    }
  }

  textLines(size: Size): TextLine[] {
    return readTextLines(this.#pdfium, this.#page, size);
  }

  #pictureOf(object: number): Picture {
    const pdfium = this.#pdfium;
    return pdfium.withMemory(32, (pointer) => {
      pdfium.api.FPDFImageObj_GetImagePixelSize(object, pointer, pointer + 4);
      const width = pdfium.int32(pointer);
      const height = pdfium.int32(pointer + 4);
      pdfium.api.FPDFPageObj_GetMatrix(object, pointer + 8);
      const [a = 0, b = 0, c = 0, d = 0] = [8, 12, 16, 20].map((offset) => pdfium.float32(pointer + offset));
      return {
        pixels: { width, height },
        sides: [Math.hypot(a, b) / pointsPerInch, Math.hypot(c, d) / pointsPerInch] as const,
      };
    });
  }
}

/**
 * Some programs leave a crop box that lies outside of the page. Other readers show the whole page then: what this box and the page
 * have in common, also if the size of the page stands with its parents, where PDFium looks for no box to tell.
 */
function showWhole({ api }: Pdfium, page: number): void {
  api.FPDFPage_SetCropBox(page, -largestBox, -largestBox, largestBox, largestBox);
}

const largestBox = 1e6;

export type PageObject =
  { readonly kind: number; readonly isInvisible: boolean } | ({ readonly kind: typeof objectKinds.image } & Picture);

export interface Picture {
  readonly pixels: Size;
  /** Inches along the rows and the columns of the pixels. */
  readonly sides: readonly [number, number];
}

/** Text of mode 3 is neither filled nor drawn: the text layer of a scan. */
function isInvisibleText(api: Pdfium['api'], object: number): boolean {
  return api.FPDFTextObj_GetTextRenderMode(object) === 3;
}

/** A copy outside the memory of the library, whose rows are padded to four bytes. */
function withoutPadding(rows: Uint8Array, stride: number, length: number): Uint8Array {
  if (stride === length) return rows.slice();
  const data = new Uint8Array((rows.length / stride) * length);
  for (let from = 0, to = 0; from < rows.length; from += stride, to += length) {
    data.set(rows.subarray(from, from + length), to);
  }
  return data;
}
