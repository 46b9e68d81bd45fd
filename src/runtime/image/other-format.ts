import { imageFormat } from './format.js';

/** Formats by the name that people use, where it is not the extension in capitals. */
const names: Readonly<Record<string, string>> = {
  heif: 'HEIC',
  jp2: 'JPEG 2000',
  jpx: 'JPEG 2000',
  jpm: 'JPEG 2000',
  mj2: 'JPEG 2000',
  j2c: 'JPEG 2000',
  jxl: 'JPEG XL',
  jxr: 'JPEG XR',
  djvu: 'DjVu',
  ps: 'PostScript',
  psd: 'Photoshop',
  docx: 'Word',
  xlsx: 'Excel',
  pptx: 'PowerPoint',
  cfb: 'old Office',
  gz: 'gzip',
};

/** Whether a text is a file in base64, as `base64 page.png > page.txt` writes it. */
function isEncodedFile(text: string): boolean {
  const [data] = /^[A-Za-z0-9+/\s]{24}/.exec(text.replace(/^data:[^,]{0,200},/i, '')) ?? [];
  return data !== undefined && imageFormat(Buffer.from(data, 'base64')) !== undefined;
}

/** Formats that are text, by their first characters after white space, a byte order mark and an XML declaration. */
const textFormats: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['SVG', /^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>/]/is],
  ['HTML', /^(<!doctype html|<html[\s>])/i],
  ['JSON', /^\s*[{[]\s*"/],
];

/** JPEG 2000 without a container begins with these bytes. */
const bareJpeg2000 = Buffer.from([0xff, 0x4f, 0xff, 0x51]);

/** Names the format of a file that ocrhub does not read, such as `HEIC`; undefined if it is unknown. */
export async function nameOtherFormat(bytes: Uint8Array): Promise<string | undefined> {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, maxStart));
  const text = start.toString('utf8').replace(/^[\uFEFF\s]+/, '');
  const textFormat = textFormats.find(([, pattern]) => pattern.test(text))?.[0];
  if (textFormat !== undefined) return textFormat;
  if (isEncodedFile(text)) return 'base64 text';
  if (start.subarray(0, 4).equals(bareJpeg2000)) return 'JPEG 2000';
  const { fileTypeFromBuffer } = await import('file-type');
  // It throws for a file that ends inside its header.
  const extension = (await fileTypeFromBuffer(start).catch(() => undefined))?.ext;
  return extension && (names[extension] ?? extension.toUpperCase());
}

/** The bytes that are looked at. */
const maxStart = 4100;
