/** A picture or a document: a `File` or `Blob`, or the bytes of one. */
export type FileInput = Blob | Uint8Array | ArrayBuffer;

export type FieldValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

/** Fields of a request: what `ocrhub show NAME` marks "per request", and the module's own. */
export type Fields = Readonly<Record<string, FieldValue | undefined>>;

export interface RequestOptions {
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReadOptions extends RequestOptions {
  /** Pages of a document, such as "1-3,7". */
  readonly pages?: string | undefined;
  /** Opens an encrypted PDF file. */
  readonly password?: string | undefined;
  readonly fields?: Fields | undefined;
}

/** A form with the files; without a format, the answer is HubServing's. Its parts carry the fields, not the address: servers and proxies log addresses. */
export function formOf(
  files: readonly FileInput[],
  format: string | undefined,
  { pages, password, fields }: ReadOptions,
): FormData {
  const form = new FormData();
  const named = Object.entries({ pages, password, format }).filter(([, value]) => value !== undefined);
  for (const [name, value] of Object.entries<FieldValue | undefined>({ ...fields, ...Object.fromEntries(named) })) {
    if (value !== undefined) form.append(name, toText(value));
  }
  files.forEach((file, index) => {
    const blob = file instanceof Blob ? file : new Blob([toBytes(file)]);
    form.append('file', blob, nameOf(blob) ?? `file-${index + 1}`);
  });
  return form;
}

function toText(value: FieldValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** HubServing's body. A string is a picture in base64 already. */
export async function jsonOf(images: readonly (FileInput | string)[], fields: Fields): Promise<string> {
  const encoded: string[] = [];
  for (const image of images) encoded.push(typeof image === 'string' ? image : toBase64(await bytesOf(image)));
  return JSON.stringify({ ...fields, images: encoded });
}

function nameOf(file: Blob): string | undefined {
  // A File is not a global everywhere.
  return 'name' in file && typeof file.name === 'string' && file.name !== '' ? file.name : undefined;
}

async function bytesOf(file: FileInput): Promise<Uint8Array> {
  return file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : toBytes(file);
}

function toBytes(file: Uint8Array | ArrayBuffer): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(file)) return new Uint8Array(file.buffer as ArrayBuffer, file.byteOffset, file.byteLength);
  // By its name, because an ArrayBuffer may come from another window or worker.
  if (Object.prototype.toString.call(file) === '[object ArrayBuffer]') return new Uint8Array(file);
  throw new TypeError(`Expected a Blob, Uint8Array or ArrayBuffer, got ${describe(file)}`);
}

function describe(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
}

/** Bytes that one call of String.fromCharCode takes on every engine. */
const chunkLength = 0x8000;

function toBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += chunkLength) {
    chunks.push(String.fromCharCode(...bytes.subarray(start, start + chunkLength)));
  }
  return btoa(chunks.join(''));
}
