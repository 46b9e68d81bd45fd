import { OcrHubError } from '../errors/error.js';
import type { Document } from '../document/document.js';
import { selectPages } from '../document/page-selection.js';
import { encodeForScreen } from '../image/encode.js';
import type { Image } from '../image/image.js';
import type { LoadedModule } from '../module/loaded-module.js';
import type { OpenedFile, ReadMessage, ReadOutcome } from '../pool/messages.js';
import type { PageSize, UnreadableImage } from '../service/contract.js';
import { openAnnounced, type AnnounceDecoding } from './announced-document.js';
import { documentOptions, requirePictureError, type PageLimits } from './read-page.js';

/**
 * Reads a whole request with a module without `entries`, which gets all pages of all files in one call. They are in memory
 * at once, so their pixels together are limited; a page over that limit is not decoded.
 *
 * @throws OcrHubError `images_too_large`, and the errors of the module
 */
export async function readWhole(
  module: LoadedModule,
  fields: Record<string, unknown>,
  { files, reading }: ReadMessage,
  limits: PageLimits,
  announce: AnnounceDecoding,
): Promise<Omit<ReadOutcome, 'stages'>> {
  const budget = new PixelBudget(limits.maxPixels);
  const images: Image[] = [];
  const opened: (OpenedFile | null)[] = [];
  const unreadable: UnreadableImage[] = [];
  for (const [index, file] of files.entries()) {
    try {
      const options = { ...documentOptions(module, reading, limits), maxPixels: budget.next };
      const document = await openAnnounced(file, options, announce);
      const pages: PageSize[] = [];
      try {
        for await (const { number, image, dpi } of document.pages(pagesOf(document, reading.pages, limits))) {
          budget.spend(image);
          images.push(image);
          const picture = reading.page_pictures === true ? await encodeForScreen(image) : undefined;
          pages.push({ number, width: image.width, height: image.height, dpi, picture });
        }
      } finally {
        document.close();
      }
      opened.push({ kind: document.kind, pages, rest: [] });
    } catch (error) {
      const { code, message, hint } = budget.explain(requirePictureError(error));
      opened.push(null);
      unreadable.push({ index, code, reason: message, hint });
    }
  }
  const results = unreadable.length > 0 ? [] : await module.answer(images, fields);
  return { type: 'read', results, files: opened, unreadable };
}

function pagesOf(document: Document, selection: string | undefined, { maxPages }: PageLimits): readonly number[] {
  return selectPages(document, selection, maxPages);
}

/** All pages of a task together may have at most this many times `maxPixels`: two dozen ordinary pages. */
const maxLargestPages = 4;

class PixelBudget {
  readonly #maxPixels: number;
  readonly #limit: number;
  #left: number;

  constructor(maxPixels: number) {
    this.#maxPixels = maxPixels;
    this.#limit = maxLargestPages * maxPixels;
    this.#left = this.#limit;
  }

  /** Maximum pixels of the next file's pages. */
  get next(): number {
    return Math.min(this.#maxPixels, Math.max(1, this.#left));
  }

  /** @throws OcrHubError `images_too_large` */
  spend({ width, height }: Image): void {
    this.#left -= width * height;
    if (this.#left < 0) throw new OcrHubError('images_too_large', { limit: this.#limit });
  }

  /**
   * Names the limit of one page where a page was too large for the pixels that were left.
   *
   * @throws OcrHubError `images_too_large` if the page is within its own limit
   */
  explain(error: OcrHubError): OcrHubError {
    if (error.code === 'images_too_large') throw error;
    if (error.code !== 'image_too_large') return error;
    const { width, height } = (error as OcrHubError<'image_too_large'>).details;
    if (width * height <= this.#maxPixels)
      throw new OcrHubError('images_too_large', { limit: this.#limit }, { cause: error });
    return new OcrHubError('image_too_large', { width, height, maxPixels: this.#maxPixels });
  }
}
