import { OcrHubError } from '../errors/error.js';
import type { Image } from '../image/image.js';
import { defaultMaxPixels, maxSide } from '../image/max-pixels.js';
import { FormFields } from './form-fields.js';
import { scanResolution } from './scan-resolution.js';
import { returnPdfium, takePdfium, type Pdfium } from './pdfium.js';
import { PdfPage } from './pdf-page.js';
import { maxCharacters, TooManyCharacters, type TextLine } from './text-layer.js';
import { callWithin, TimeOver } from './time-limit.js';

export interface PdfOptions {
  /** Opens an encrypted file. */
  readonly password?: string | undefined;
  /** Resolution of a rendered page in pixels an inch. 200 by default. */
  readonly dpi?: number | undefined;
  /** A page that would have more pixels is rendered at a lower resolution. 64 million by default. */
  readonly maxPixels?: number | undefined;
  /** Seconds for opening the file, and for a page. 30 by default. */
  readonly maxSeconds?: number | undefined;
}

/** A page as it will be rendered. */
export interface RenderSize {
  /** Pixels, after the turn that the page asks for with `/Rotate`. */
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

const defaultDpi = 200;

/**
 * A drawn page, and the largest picture in it with four channels and a copy, beside the file and the parsed parts. A server stops
 * a process that grows by 1 GiB (docs/security.md), and the copy of the drawn page is outside of this memory.
 */
function maxMemoryFor(fileSize: number, { maxPixels = defaultMaxPixels }: PdfOptions): number {
  return fileSize + Math.max(minMaxMemory, 12 * maxPixels);
}

const minMaxMemory = 832 * 1024 ** 2;

/** Whether bytes begin as a PDF file does. Readers accept up to 1024 bytes before the signature. */
export function isPdf(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024 + 5));
  return start.includes('%PDF-');
}

/**
 * Whether the end of a file is missing, as after an interrupted upload. The library would read the pages that are left
 * without an error. Some writers leave out one of the two marks, and some programs append to the file.
 */
function isCutOff(bytes: Uint8Array): boolean {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(-maxTail);
  return !end.includes('%%EOF') && !end.includes('startxref');
}

const maxTail = 4096;

/** Whether the newest trailer says that the file is encrypted; of a file without one in its place, any text that looks so. */
function namesEncryption(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const value of valuesOf('/Encrypt', newestTrailer(file))) if (/^[\0\s</%]/.test(value)) return true;
  return false;
}

/** Whether a file names a way of encryption that is none, or that the library does not know. */
function namesUnknownMethod(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const value of valuesOf('/CFM', file)) {
    const method = /^[\0\s]*\/(\w*)/.exec(value)?.[1];
    if (method !== undefined && !knownMethods.includes(method)) return true;
  }
  return false;
}

const knownMethods = ['V2', 'AESV2', 'AESV3'];

/** What follows each place of a name. */
function* valuesOf(name: string, bytes: Buffer): Generator<string, void> {
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + name.length))
    yield bytes.toString('latin1', at + name.length, at + name.length + 20);
}

/** From the table of the newest objects, or the stream with it, to its end. The whole file, if there is none where the file says. */
function newestTrailer(file: Buffer): Buffer {
  const start = file.lastIndexOf('startxref');
  const offset = Number(/^startxref\s+(\d+)/.exec(file.toString('latin1', start, start + 40))?.[1] ?? 0);
  const table = file.subarray(offset + Math.max(0, file.indexOf('%PDF-')));
  const kind = /^\s*(xref\b|\d+\s+\d+\s+obj\b)/.exec(table.toString('latin1', 0, 40))?.[1];
  if (kind === undefined) return file;
  const end = table.indexOf(kind === 'xref' ? 'startxref' : 'stream');
  return end < 0 ? file : table.subarray(0, end);
}

/** Without a look at more pages: of a file that begins with so many empty ones, nothing was decrypted. */
const maxEmptyPages = 10;

/**
 * An open PDF file. It holds the bytes and the parsed parts in WebAssembly memory until `close`.
 *
 * @example
 * const file = await PdfFile.open(await readFile('scan.pdf'));
 * try {
 *   const { image, dpi } = file.render(1);
 * } finally {
 *   file.close();
 * }
 */
export class PdfFile {
  readonly pageCount: number;
  readonly #pdfium: Pdfium;
  readonly #options: PdfOptions;
  readonly #bytes: number;
  readonly #document: number;
  readonly #form: FormFields | undefined;
  #isClosed = false;

  private constructor(pdfium: Pdfium, options: PdfOptions, bytes: number, document: number) {
    this.#pdfium = pdfium;
    this.#options = options;
    this.#bytes = bytes;
    this.#document = document;
    this.#form = FormFields.open(pdfium, document);
    this.pageCount = pdfium.api.FPDF_GetPageCount(document);
  }

  /** @throws OcrHubError `image_unreadable` for a damaged file, `image_too_costly`, `pdf_password_missing`,
   *   `pdf_password_wrong`, `pdf_encryption_unknown` */
  static async open(bytes: Uint8Array, options: PdfOptions = {}): Promise<PdfFile> {
    if (isCutOff(bytes)) throw unreadable('damaged PDF: its end is missing');
    const pdfium = await takePdfium();
    const { api } = pdfium;
    pdfium.limitMemory(maxMemoryFor(bytes.length, options));
    try {
      return bounded(pdfium, options, { name: 'it', damage: 'damaged PDF' }, () => {
        const pointer = pdfium.allocate(bytes.length);
        pdfium.bytes().set(bytes, pointer);
        const { password = '' } = options;
        let document = api.FPDF_LoadMemDocument(pointer, bytes.length, password);
        // A command may have one password for many files, and some of these may need none: they have a password of their owner alone.
        if (document === 0 && password !== '' && api.FPDF_GetLastError() === passwordError)
          document = api.FPDF_LoadMemDocument(pointer, bytes.length, '');
        if (document === 0) {
          const reason = api.FPDF_GetLastError();
          pdfium.free(pointer);
          if (reason === passwordError)
            throw new OcrHubError(password === '' ? 'pdf_password_missing' : 'pdf_password_wrong', {});
          if (reason === securityError) throw unknownEncryption('no password opens it');
          throw unreadable('damaged PDF');
        }
        const file = new PdfFile(pdfium, options, pointer, document);
        if (file.pageCount > 0 && !(file.#mayLackKey(bytes) && file.#seemsEmpty())) return file;
        file.#free();
        if (file.pageCount === 0) throw unreadable('damaged PDF: it has no pages');
        // The library takes what it cannot decrypt for pages without content.
        throw unknownEncryption('nothing can be decrypted on its pages');
      });
    } catch (error) {
      returnPdfium(pdfium);
      throw error;
    }
  }

  /** The size that `render` gives to a page. */
  sizeOf(number: number): RenderSize {
    return this.#withPage(number, (page) => this.#renderSize(page));
  }

  /**
   * Draws a page on white. A page that is one scanned picture gets the pixels of that picture.
   *
   * @param number from 1
   * @throws OcrHubError `image_unreadable` if the page is damaged
   */
  render(number: number): { readonly image: Image; readonly dpi: number } {
    return this.#withPage(number, (page) => {
      const size = this.#renderSize(page);
      return { image: page.render(size, this.#form), dpi: size.dpi };
    });
  }

  /** The lines of the page's own text, with boxes in pixels of the rendered page; none for a scan without text. */
  textOf(number: number): { readonly size: RenderSize; readonly lines: readonly TextLine[] } {
    return this.#withPage(number, (page) => {
      const size = this.#renderSize(page);
      return { size, lines: page.textLines(size) };
    });
  }

  /** Frees the memory. The file is unusable afterwards. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      bounded(this.#pdfium, this.#options, { name: 'it', damage: 'damaged PDF' }, () => this.#free());
    } catch {
      // The instance is not used again.
    }
    returnPdfium(this.#pdfium);
  }

  /** Whether the library may have left the file as it is: it took it for one without encryption, or does not know the method. */
  #mayLackKey(bytes: Uint8Array): boolean {
    const revision = this.#pdfium.api.FPDF_GetSecurityHandlerRevision(this.#document);
    return revision === noEncryption ? namesEncryption(bytes) : namesUnknownMethod(bytes);
  }

  /** Whether nothing is drawn on the first pages. */
  #seemsEmpty(): boolean {
    for (let i = 0; i < Math.min(this.pageCount, maxEmptyPages); i++) {
      const page = PdfPage.load(this.#pdfium, this.#document, i);
      const isEmpty = page?.isEmpty ?? true;
      page?.close();
      if (!isEmpty) return false;
    }
    return true;
  }

  #free(): void {
    this.#form?.close();
    this.#pdfium.api.FPDF_CloseDocument(this.#document);
    this.#pdfium.free(this.#bytes);
  }

  #renderSize(page: PdfPage): RenderSize {
    const { dpi, maxPixels = defaultMaxPixels } = this.#options;
    const [width, height] = page.inches;
    const wanted = dpi ?? scanResolution(page) ?? defaultDpi;
    const most = Math.min(Math.sqrt(maxPixels / (width * height)), maxSide / Math.max(width, height));
    // Rounded down at the limit; a side that is too short still has one pixel.
    const round = wanted <= most ? Math.round : Math.floor;
    const used = Math.min(wanted, most);
    return { width: Math.max(1, round(width * used)), height: Math.max(1, round(height * used)), dpi: used };
  }

  #withPage<T>(number: number, use: (page: PdfPage) => T): T {
    const place = `page ${number} of ${this.pageCount}`;
    const subject: Subject = { name: place, damage: `${place}: damaged PDF page` };
    return bounded(this.#pdfium, this.#options, subject, () => {
      const sides = PdfPage.inchesOf(this.#pdfium, this.#document, number - 1);
      subject.name = `${place} (${sides.map((side) => Math.round(side * mmPerInch)).join(' x ')} mm)`;
      const page = PdfPage.load(this.#pdfium, this.#document, number - 1);
      if (page === undefined) throw unreadable(subject.damage);
      try {
        return use(page);
      } finally {
        page.close();
      }
    });
  }
}

const mmPerInch = 25.4;

/** Answer of FPDF_GetSecurityHandlerRevision. */
const noEncryption = -1;

/** Error codes of FPDF_GetLastError. */
const passwordError = 4;
const securityError = 5;

/** What a call into the library is about, for messages. */
interface Subject {
  name: string;
  readonly damage: string;
}

/**
 * Runs a call into the library. Without enough memory the library crashes, or leaves out a part of the page, or takes a file for
 * damaged.
 *
 * @throws OcrHubError `image_too_costly`, `image_unreadable`
 */
function bounded<T>(
  pdfium: Pdfium,
  { maxSeconds = defaultMaxSeconds }: PdfOptions,
  subject: Subject,
  call: () => T,
): T {
  if (pdfium.problem !== undefined) throw pdfium.problem;
  let failure: unknown;
  try {
    const answer = callWithin(maxSeconds, call);
    if (pdfium.exceededLimit === undefined) return answer;
  } catch (error) {
    failure = error instanceof TooManyCharacters ? tooMuchText(error, subject) : error;
  }
  pdfium.problem = problemOf(failure, pdfium, subject, maxSeconds);
  if (pdfium.problem !== undefined) throw pdfium.problem;
  throw failure;
}

/** The error of a call after which the library cannot be used; undefined if it can. */
function problemOf(
  error: unknown,
  { exceededLimit }: Pdfium,
  { name, damage }: Subject,
  maxSeconds: number,
): OcrHubError | undefined {
  if (error instanceof TimeOver) return tooCostly(`${name} takes more than ${maxSeconds} s to decode`, error);
  if (exceededLimit !== undefined)
    return tooCostly(`${name} takes more than ${exceededLimit} bytes of memory to decode`, error);
  if (OcrHubError.is(error)) return undefined;
  return unreadable(`${damage}: ${error instanceof Error ? error.message : String(error)}`, error);
}

const defaultMaxSeconds = 30;

function tooMuchText(error: TooManyCharacters, { name }: Subject): OcrHubError {
  return tooCostly(`${name} has ${error.count} characters of text, and at most ${maxCharacters} are read`, error);
}

function tooCostly(reason: string, cause?: unknown): OcrHubError {
  return new OcrHubError('image_too_costly', { reason }, { cause });
}

function unknownEncryption(problem: string): OcrHubError {
  return new OcrHubError('pdf_encryption_unknown', { problem });
}

function unreadable(reason: string, cause?: unknown): OcrHubError {
  return new OcrHubError('image_unreadable', { reason }, { cause });
}
