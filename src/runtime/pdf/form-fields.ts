import type { Size } from '../image/image.js';
import type { Pdfium } from './pdfium.js';

/** Draws what is written in the form fields of a file: the library draws them in a step of their own. */
export class FormFields {
  readonly #pdfium: Pdfium;
  readonly #info: number;
  readonly #form: number;

  private constructor(pdfium: Pdfium, info: number, form: number) {
    this.#pdfium = pdfium;
    this.#info = info;
    this.#form = form;
  }

  /** Answers undefined for a file without a form. */
  static open(pdfium: Pdfium, document: number): FormFields | undefined {
    const { api } = pdfium;
    if (api.FPDF_GetFormType(document) === 0) return undefined;
    const info = api.PDFiumExt_OpenFormFillInfo();
    const form = api.PDFiumExt_InitFormFillEnvironment(document, info);
    if (form === 0) {
      api.PDFiumExt_CloseFormFillInfo(info);
      return undefined;
    }
    // A viewer marks the fields with a color; a page that is read should look as printed.
    api.FPDF_SetFormFieldHighlightAlpha(form, 0);
    return new FormFields(pdfium, info, form);
  }

  draw(bitmap: number, page: number, { width, height }: Size, flags: number): void {
    this.#pdfium.api.FPDF_FFLDraw(this.#form, bitmap, page, 0, 0, width, height, 0, flags);
  }

  close(): void {
    this.#pdfium.api.PDFiumExt_ExitFormFillEnvironment(this.#form);
    this.#pdfium.api.PDFiumExt_CloseFormFillInfo(this.#info);
  }
}
