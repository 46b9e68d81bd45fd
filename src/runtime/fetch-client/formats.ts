/** Whether an answer in a format is text or bytes. */
const kinds = {
  text: 'text',
  markdown: 'text',
  tsv: 'text',
  hocr: 'text',
  alto: 'text',
  // A file of PAGE XML or PNG holds one page: the server sends several pages as a ZIP archive.
  page: 'bytes',
  pdf: 'bytes',
  png: 'bytes',
  docx: 'bytes',
} as const satisfies Record<string, 'text' | 'bytes'>;

/** A format of `readAs`. `read` is for JSON. */
export type FormatName = keyof typeof kinds;

/** What `readAs` returns for a format: a string, or the bytes of a file. */
export type FormatResult<F extends FormatName> = { text: string; bytes: Uint8Array<ArrayBuffer> }[(typeof kinds)[F]];

export function isBinary(format: FormatName): boolean {
  if (!Object.hasOwn(kinds, format)) {
    throw new TypeError(`Expected a format such as ${Object.keys(kinds).join(', ')}, got ${JSON.stringify(format)}`);
  }
  return kinds[format] === 'bytes';
}
