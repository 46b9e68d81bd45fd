import { literal } from '../pdf-writer.js';

/**
 * The two-byte codes under which the characters of a file's text stand in its font, and the way back from code to text.
 *
 * A character's code is its own number. Characters beyond U+FFFF have none: poppler returns garbage for a pair of
 * surrogate codes. They get a code that no character of the text has as its own, as do private characters (U+E000 to
 * U+F8FF), whose numbers are in the range of these codes.
 */
export class TextCodes {
  readonly #codes = new Map<number, number>();
  #next = firstFreeCode;

  /** The codes of a text as a PDF string of bytes, which takes a tenth less than one of hexadecimal digits. */
  encode(text: string): string {
    let bytes = '';
    for (const character of text) {
      const code = this.#codeOf(character);
      bytes += String.fromCharCode(code >> 8, code & 0xff);
    }
    return literal(bytes);
  }

  /** The ToUnicode CMap of all texts that were encoded. */
  toUnicode(): string {
    const rows = new Map<number, [first: number, last: number]>();
    const single: string[] = [];
    for (const [point, code] of [...this.#codes].sort(([, a], [, b]) => a - b)) {
      if (code !== point) {
        single.push(`<${hex(code)}> <${utf16(point)}>`);
        continue;
      }
      // A range may not go beyond one first byte.
      const row = rows.get(code >> 8);
      if (row === undefined) rows.set(code >> 8, [code, code]);
      else row[1] = code;
    }
    const ranges = [...rows.values()].map(([first, last]) => `<${hex(first)}> <${hex(last)}> <${hex(first)}>`);
    return [cmapHead, ...inBlocks(ranges, 'bfrange'), ...inBlocks(single, 'bfchar'), cmapEnd].join('\n');
  }

  #codeOf(character: string): number {
    const point = character.codePointAt(0) ?? 0;
    const known = this.#codes.get(point);
    if (known !== undefined) return known;
    const code = point < firstFreeCode || (point > lastFreeCode && point < 0x10000) ? point : this.#next++;
    if (this.#next > lastFreeCode + 1) {
      throw new RangeError(`The text has more than ${freeCodes} different characters that need a code of their own.`);
    }
    this.#codes.set(point, code);
    return code;
  }
}

/** Surrogates and private characters. */
const firstFreeCode = 0xd800;
const lastFreeCode = 0xf8ff;
const freeCodes = lastFreeCode - firstFreeCode + 1;

/** Width of a character in thousandths of an em, before it is stretched to its box. */
function naturalWidth(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return codeWidth(point > 0xffff ? firstFreeCode : point);
}

/** Natural width of a text in thousandths of an em. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += naturalWidth(character);
  return width;
}

/** Whether a character of Chinese, Japanese or Korean, or one beyond U+FFFF, is as wide as high. */
export function isWide(character: string): boolean {
  return naturalWidth(character) === 1000;
}

/** Half an em for letters, a whole one for characters that are as wide as high, a quarter for a space. */
export function codeWidth(code: number): 250 | 500 | 1000 {
  if (code === 0x20) return 250;
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 1000 : 500;
}

/** Unicode's East Asian Width W and F, in whole blocks; and the codes of characters beyond U+FFFF. */
export const wideRanges: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff01, 0xff60],
];

function utf16(point: number): string {
  const text = isLoneSurrogate(point) ? '\ufffd' : String.fromCodePoint(point);
  return [...Array(text.length).keys()].map((i) => hex(text.charCodeAt(i))).join('');
}

function isLoneSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}

/** A block of a CMap holds at most 100 entries. */
function inBlocks(entries: readonly string[], kind: string): string[] {
  const blocks: string[] = [];
  for (let i = 0; i < entries.length; i += 100) {
    const part = entries.slice(i, i + 100);
    blocks.push(`${part.length} begin${kind}\n${part.join('\n')}\nend${kind}`);
  }
  return blocks;
}

const cmapHead = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange`;

const cmapEnd = `endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
