import { isKnownFile } from '../../document/file-format.js';
import { shown } from '../../errors/wording.js';

/**
 * What a text looks like that is sent as base64 and is none, such as `an address`; undefined if it looks like nothing that is known.
 * It is called for what holds no file that can be read.
 */
export function lookOfText(text: string): string | undefined {
  const head = text.slice(0, maxHead).trim();
  return looks.find(([, isIt]) => isIt(head, text))?.[0] ?? pathLook(head, text);
}

/** What decoded bytes look like that are no file, such as base64 that was encoded twice. */
export function lookOfBytes(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, maxHead);
  if (start.some((byte) => byte > 0x7e || (byte < 0x20 && (byte < 0x09 || byte > 0x0d)))) return undefined;
  const text = Buffer.from(start).toString('latin1').trim();
  if (holdsFile(text.replace(/^data:[^,]*,/i, ''), 'base64')) return 'base64 of base64; encode it once';
  // A file of a format that is not read, which the decoder names.
  if (/<svg[\s>/]/i.test(text)) return undefined;
  const look = lookOfText(text);
  return look === undefined ? undefined : `the base64 of ${look}`;
}

/** What a list or an object looks like in place of a text, for the end of a message; empty if that is unknown. */
export function lookOfValue(value: unknown): string {
  const look = isBytes(value) ? lookOfText(shown(value)) : undefined;
  return look === undefined ? '' : `; it looks like ${look}`;
}

function isBytes(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 1;
}

/** The characters that are looked at. */
const maxHead = 4096;

type Look = readonly [name: string, isIt: (head: string, text: string) => boolean];

const matches =
  (pattern: RegExp): Look[1] =>
  (head) =>
    pattern.test(head);

const looks: readonly Look[] = [
  ['the name of an empty value', matches(/^(undefined|null|none|nil|nan|true|false)$/i)],
  [
    'the name of an object, not its bytes',
    matches(/^(\[object \w+\]|<[^<>]+ at 0x[\da-f]+>|<FileStorage: [^>]*>|System\.Byte\[\]|\[[BC]@[\da-f]+)$/i),
  ],
  [
    'an address, which has a field of its own',
    matches(/^([a-z][a-z\d+.-]*:\/\/|blob:|cid:|\/\/[\w-]+\.[\w.-]+\/|www\.)/i),
  ],
  ["Python's text of bytes, b'...'; send text.decode('ascii')", matches(/^(bytearray\()?b['"]/i)],
  ['a JSON text in quotes; it was written as JSON twice', matches(/^\\?"/)],
  ['a text in quotes', matches(/^'/)],
  ['a list of the bytes as numbers', matches(/^[[({]?\s*(-?\d{1,3}|0x[\da-f]{1,2}|"\d{1,3}")\s*,\s*(-?\d|0x|")/i)],
  ['the JSON of a buffer of bytes', matches(/^\{\s*"?(type"?\s*:\s*"Buffer"|data"?\s*:|0"?\s*:\s*\d)/)],
  ['HTML, XML or SVG', matches(/^<(!--|!doctype|\?xml|[a-z][\w:-]*[\s/>])/i)],
  ['JSON', matches(/^[{[]/)],
  ['ASCII85', matches(/^<~/)],
  ['a file in PEM armor', matches(/^-----BEGIN /)],
  ['a file of uuencode', matches(/^begin(-base64)? [0-7]{3} /)],
  ['a part of a mail or form with its headers', matches(/^(--[\w-]+\r?\n)?content-[a-z-]+:/i)],
  ['two data: prefixes', matches(/^data:[^,]*,\s*data:/i)],
  ['a data: address that is not base64', (head) => /^data:/i.test(head) && !/^data:[^,]*;base64,/i.test(head)],
  ['a data: address without "data:"', matches(/^([\w.+-]+\/[\w.+-]+;|;)?base64,/i)],
  ['the bytes of a file as text', holdsRawFile],
  ['UTF-16 as text', matches(/^(.\0){4}|^(\0.){4}/)],
  ['the bytes of a file in Python\'s or C\'s escapes, "\\x89PNG"', matches(/\\x[\da-f]{2}/i)],
  ['a text whose line ends or slashes were escaped twice', matches(/\\[nrtu/]/)],
  ['a text that was escaped as HTML', matches(/&(#\d+|#x[\da-f]+|[a-z]+);/i)],
  ['quoted-printable', matches(/=3D|=\r?\n/)],
  ['a percent-encoded text; encode the bytes of the file as base64, once', matches(/%[\da-f]{2}/i)],
  ['a UUID', matches(/^\{?[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}\}?$/i)],
  ['hexadecimal digits', (head) => isHex(head)],
  ['base32', (head) => /^[A-Z2-7]{32}/.test(head) && isKnownFile(fromBase32(head.slice(0, 32)))],
];

/** A path, and where a program cut a text for a log. */
function pathLook(head: string, text: string): string | undefined {
  if (text.length < maxHead && !head.includes('\n') && isPath(head)) {
    return `the path of a file, ${JSON.stringify(head.length > 80 ? `${head.slice(0, 77)}...` : head)}; send its content`;
  }
  const cut = /\.{3}|…/.exec(text);
  return cut === null ? undefined : `a text that was cut short for a log, at "${cut[0]}"`;
}

/** Paths hold no "+" or "=", and most have an extension or begin with a well-known folder. */
function isPath(text: string): boolean {
  return (
    /^(~|\.{1,2})?[\\/].*\.\w{2,5}$/.test(text) ||
    /^(~|\.{1,2})[\\/]/.test(text) ||
    /^[a-z]:[\\/]/i.test(text) ||
    /^\\\\[\w.-]+\\/.test(text) ||
    /^\/(home|root|tmp|var|usr|mnt|media|opt|srv|data|app|etc|dev|proc|Users|Volumes|workspace|content|storage|sdcard)\/[^+=]*$/.test(
      text,
    ) ||
    /^[^"'<>|?*;,]{1,255}\.(jpe?g|jfif|png|webp|tiff?|gif|bmp|pdf|heic|avif|svg|jp2|txt|docx?|zip)$/i.test(text)
  );
}

/** Whether an encoded text begins as a file does. */
function holdsFile(text: string, encoding: 'base64' | 'hex'): boolean {
  return isKnownFile(Buffer.from(text.slice(0, 64).replaceAll(/\s/g, ''), encoding));
}

/** As of `xxd -p`, of Python's `hex`, and of a dump with parted bytes. */
function isHex(head: string): boolean {
  const digits = head.replace(/^(0x|\\x|x')/i, '').replaceAll(/[\s:,-]|0x/gi, '');
  return /^[\da-f]{16}/i.test(digits) && holdsFile(digits, 'hex');
}

/** The first bytes of files as Latin-1, as Windows-1252 and as UTF-8 with replacement characters. */
function holdsRawFile(head: string): boolean {
  return (
    /^(.PNG\r?\n|\u00ff\u00d8\u00ff|\ufffd\ufffd\ufffd|GIF8[79]a|%PDF-|RIFF[^]{4}WEBP|II[*+]\0|MM\0[*+])/.test(head) ||
    /^BM[^]{0,12}[\0\ufffd]/.test(head)
  );
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Uint8Array {
  const bits = Array.from(text, (digit) => base32.indexOf(digit).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}
