import { drawPreview } from '../../image/draw.js';
import type { ReadDocument } from '../read-document.js';
import { writeAlto } from './alto.js';
import { writeHocr } from './hocr.js';
import { writeJson } from './json.js';
import { writeMarkdown } from './markdown.js';
import { writePageXml } from './page-xml.js';
import { writeText } from './text.js';
import { writeTsv } from './tsv.js';

/** A form in which documents that were read can be written. */
export interface Format {
  readonly contentType: string;
  /** Of a file's name, without the first dot. */
  readonly extension: string;
  /** Whether it shows the places of words, so that `return_word_box` is worth its time. */
  readonly needsWords: boolean;
  /** Whether a file holds one page. Several pages become a ZIP archive. */
  readonly onePage: boolean;
  /** Writes the files: one for each page of all documents if `onePage`, otherwise a single one. */
  readonly write: (documents: readonly ReadDocument[], options: ResolvedOptions) => Promise<readonly Uint8Array[]>;
}

export interface WriteOptions {
  /** `text`: join the lines to paragraphs. `markdown` and `docx` always do. Default: false. */
  readonly paragraphs?: boolean | undefined;
  /** The time in the files of formats that have one. Default: now. */
  readonly created?: Date | undefined;
  /** `png` and `pdf`: the maximum width x height of a page, as for `openDocument`. */
  readonly maxPixels?: number | undefined;
}

interface ResolvedOptions extends WriteOptions {
  readonly paragraphs: boolean;
  readonly created: Date;
}

/** All formats by name. docs/formats.md describes them. */
export const formats = {
  text: {
    contentType: 'text/plain; charset=utf-8',
    extension: 'txt',
    needsWords: false,
    onePage: false,
    write: text(writeText),
  },
  markdown: {
    contentType: 'text/markdown; charset=utf-8',
    extension: 'md',
    needsWords: false,
    onePage: false,
    write: text(writeMarkdown),
  },
  json: {
    contentType: 'application/json',
    extension: 'json',
    needsWords: false,
    onePage: false,
    write: text(writeJson),
  },
  tsv: {
    contentType: 'text/tab-separated-values; charset=utf-8',
    extension: 'tsv',
    needsWords: true,
    onePage: false,
    write: text(writeTsv),
  },
  hocr: {
    contentType: 'text/html; charset=utf-8',
    extension: 'hocr',
    needsWords: true,
    onePage: false,
    write: text(writeHocr),
  },
  alto: {
    contentType: 'application/xml; charset=utf-8',
    extension: 'alto.xml',
    needsWords: true,
    onePage: false,
    write: text(writeAlto),
  },
  page: {
    contentType: 'application/xml; charset=utf-8',
    extension: 'page.xml',
    needsWords: true,
    onePage: true,
    write: text(writePageXml),
  },
  pdf: {
    contentType: 'application/pdf',
    extension: 'pdf',
    needsWords: true,
    onePage: false,
    write: async (documents, options) => {
      const { writeSearchablePdf } = await import('../searchable-pdf/write.js');
      return [await writeSearchablePdf(documents, options)];
    },
  },
  docx: {
    contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extension: 'docx',
    needsWords: false,
    onePage: false,
    write: async (documents, options) => [(await import('./docx.js')).writeDocx(documents, options)],
  },
  png: {
    contentType: 'image/png',
    extension: 'png',
    needsWords: false,
    onePage: true,
    write: async (documents, { maxPixels }) => (await import('./png.js')).writePictures(documents, { maxPixels }),
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/** A file with the pages of one or several documents. */
export interface WrittenFile {
  readonly contentType: string;
  /** Of a file's name, without the first dot. */
  readonly extension: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes documents in a format as one file. A file of `page` and `png` holds one page, so that several pages become a ZIP
 * archive with a file for each.
 *
 * @throws OcrHubError `image_unreadable`, `image_too_large`, `pdf_password_missing`, `pdf_password_wrong`: `png` and
 *   `pdf` read the bytes of the documents again. `package_missing`, `pdf_unchangeable`: `pdf` of a PDF file
 * @example
 * const pages = [{ number: 1, width: 800, height: 600, rotation: 0, lines: await system.read(image) }];
 * const { bytes } = await writeDocuments('hocr', [{ name: 'page.jpg', bytes: picture, pages }]);
 */
export async function writeDocuments(
  format: FormatName,
  documents: readonly ReadDocument[],
  options: WriteOptions = {},
): Promise<WrittenFile> {
  const { contentType, extension, onePage, write }: Format = formats[format];
  const resolved = { ...options, paragraphs: options.paragraphs ?? false, created: options.created ?? new Date() };
  const files = await write(documents, resolved);
  const [file] = files;
  if (file !== undefined && (!onePage || files.length === 1)) return { contentType, extension, bytes: file };
  const { archivePages } = await import('./archive.js');
  const isCompressed = format === 'png';
  const bytes = archivePages(documents, files, { extension, isCompressed, created: resolved.created });
  return { contentType: 'application/zip', extension: 'zip', bytes };
}

/**
 * A JPEG picture of each page with an outline around each line, at most 2000 pixels wide and high, in a ZIP archive.
 * `readArchive` opens it.
 *
 * @throws OcrHubError `image_unreadable`, `image_too_large`, `pdf_locked`
 */
export async function writePreviews(
  documents: readonly ReadDocument[],
  { maxPixels }: Pick<WriteOptions, 'maxPixels'>,
): Promise<WrittenFile> {
  const { writePictures } = await import('./png.js');
  const { archivePages } = await import('./archive.js');
  const files = await writePictures(documents, { maxPixels, draw: drawPreview });
  const bytes = archivePages(documents, files, { extension: 'jpg', isCompressed: true, created: new Date() });
  return { contentType: 'application/zip', extension: 'zip', bytes };
}

function text(
  write: (documents: readonly ReadDocument[], options: ResolvedOptions) => string | readonly string[],
): Format['write'] {
  // An error of `write` rejects.
  return (documents, options) =>
    Promise.resolve().then(() =>
      [write(documents, options)].flat().map((content) => new TextEncoder().encode(content)),
    );
}
