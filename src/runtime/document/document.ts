import type { Image, Size } from '../image/image.js';
import type { PdfOptions } from '../pdf/pdf-file.js';
import type { PageLine } from './page.js';

export interface DocumentOptions extends PdfOptions {
  /** Maximum width x height of a page: a picture with more is refused, a PDF page is rendered smaller. 64 million by default. */
  readonly maxPixels?: number | undefined;
  /** Whether pictures are decoded as OpenCV does, which drops alpha. Default: false. */
  readonly asStored?: boolean | undefined;
}

/** A file with pages, none of which is decoded yet. */
export interface Document {
  readonly kind: 'picture' | 'document';
  readonly pageCount: number;
  /** The pages that are read if the caller names none: all, but of an animated picture the first frame. */
  readonly usualPages: readonly number[];
  /**
   * Decodes one page.
   *
   * @param number from 1
   * @throws OcrHubError `image_unreadable`, `image_too_large` for a page that cannot be decoded
   */
  page(number: number): Promise<DocumentPage>;
  /**
   * Decodes one page after another, each when the caller asks for it. One page is in memory at a time if the caller keeps
   * none.
   *
   * @param numbers default: `usualPages`
   */
  pages(numbers?: readonly number[]): AsyncGenerator<DocumentPage, void>;
  /** The text that a PDF page holds itself, without decoding the page; undefined where there is none. */
  textOf(number: number): TextLayer | undefined;
  /** Frees the memory of an open PDF file. */
  close(): void;
}

export interface DocumentPage {
  /** From 1. */
  readonly number: number;
  /** Turned upright as the file's EXIF orientation or `/Rotate` says. */
  readonly image: Image;
  /** Pixels an inch, where the file says so; of a PDF page, the resolution at which it was rendered. */
  readonly dpi?: number | undefined;
}

/** A PDF page's own text. The regions are in pixels of the page as `page` would decode it. */
export interface TextLayer extends Size {
  readonly dpi: number;
  readonly lines: readonly PageLine[];
}
