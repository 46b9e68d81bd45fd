import { OcrHubError } from '../errors/error.js';
import type { Document, DocumentOptions, TextLayer } from '../document/document.js';
import { selectPages } from '../document/page-selection.js';
import { encodeForScreen } from '../image/encode.js';
import type { LoadedModule } from '../module/loaded-module.js';
import type { OpenedFile, ReadMessage, ReadOutcome } from '../pool/messages.js';
import type { PageSize } from '../service/contract.js';
import type { ReadingOptions } from '../service/reading.js';
import { openAnnounced, type AnnounceDecoding } from './announced-document.js';
import type { HeldDocument } from './held-document.js';

export interface PageLimits {
  /** Of one page. */
  readonly maxPixels: number;
  /** Seconds of the clock to decode a page. Default: 30. */
  readonly maxSeconds?: number;
  /** Pages of one document. */
  readonly maxPages: number;
}

type Fields = Record<string, unknown>;

/**
 * Reads one page of a file with a module that answers entries. The file stays open if the request asks for more of its
 * pages. A file that cannot be read is an outcome, and no error.
 */
export async function readPage(
  module: LoadedModule,
  fields: Fields,
  { files: [file], page, reading }: ReadMessage,
  held: HeldDocument,
  limits: PageLimits,
  announce: AnnounceDecoding,
): Promise<Omit<ReadOutcome, 'stages'>> {
  if (file === undefined) throw new Error('a task for a page has a file');
  try {
    const document =
      held.get(file.id) ?? (await openAnnounced(file, documentOptions(module, reading, limits), announce));
    try {
      const numbers = page === undefined ? selectPages(document, reading.pages, limits.maxPages) : [page];
      if (page !== undefined || numbers.length > 1) held.keep(file.id, document);
      const [first = 1, ...rest] = numbers;
      const { size, entry } = await answerPage(module, fields, document, first, reading);
      const kind = rest.length > 0 ? 'document' : document.kind;
      const opened: OpenedFile = { kind, pages: [size], rest };
      return { type: 'read', results: [entry], files: [opened], unreadable: [] };
    } finally {
      if (held.get(file.id) === undefined) document.close();
    }
  } catch (error) {
    held.release(file.id);
    const { code, message, hint } = requirePictureError(error);
    const results = await module.answer([null], fields);
    return { type: 'read', results, files: [null], unreadable: [{ index: 0, code, reason: message, hint }] };
  }
}

/** The error of a file or page, and not of the module. */
export function requirePictureError(error: unknown): OcrHubError {
  if (OcrHubError.is(error) && error.kind === 'unreadable') return error;
  throw error;
}

export function documentOptions(
  { setting }: Pick<LoadedModule, 'setting'>,
  { dpi, password }: ReadingOptions,
  { maxPixels, maxSeconds }: PageLimits,
): DocumentOptions {
  return { dpi, password, maxPixels, maxSeconds, asStored: setting === 'reference' };
}

/** Takes the text layer of a page if the request asks for it and the page has one; otherwise decodes and reads the page. */
export async function answerPage(
  module: LoadedModule,
  fields: Fields,
  document: Document,
  number: number,
  { use_text_layer: usesTextLayer = false, page_pictures: wantsPicture = false }: ReadingOptions,
): Promise<{ size: PageSize; entry: string }> {
  const layer = usesTextLayer ? document.textOf(number) : undefined;
  if (layer !== undefined) {
    const { width, height, dpi } = layer;
    const picture = wantsPicture ? await encodeForScreen((await document.page(number)).image) : undefined;
    return { size: { number, width, height, dpi, picture }, entry: layerEntry(layer) };
  }
  const { image, dpi } = await document.page(number);
  const picture = wantsPicture ? await encodeForScreen(image) : undefined;
  const [entry = 'null'] = await module.answer([image], fields);
  return { size: { number, width: image.width, height: image.height, dpi, picture }, entry };
}

/** The lines of a text layer as `ocr_system` answers lines, with their words. */
function layerEntry({ lines }: TextLayer): string {
  return JSON.stringify(
    lines.map(({ confidence, text, text_region, words }) => ({ confidence, text, text_region, words })),
  );
}
