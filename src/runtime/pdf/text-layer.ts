import type { Point, Quad } from '../geometry/point.js';
import type { Size } from '../image/image.js';
import type { Pdfium } from './pdfium.js';

/** A line of a page's own text. Regions are whole pixels of the rendered page, corners from the top left of the text. */
export interface TextLine {
  readonly text: string;
  readonly region: Quad;
  readonly words: readonly { readonly text: string; readonly region: Quad }[];
}

/** A character and its box. `angle` is that of its baseline in the rendered page, clockwise, in radians. */
interface Character {
  readonly text: string;
  readonly corners: readonly Point[];
  readonly angle: number;
}

/** A page of a newspaper has some 50,000. This many take 7 s, and the file may be small. */
export const maxCharacters = 1_000_000;

/** The page has more characters than are read. */
export class TooManyCharacters extends Error {
  readonly count: number;

  constructor(count: number) {
    super(`${count} characters`);
    this.count = count;
  }
}

/**
 * Reads the text of a page in the order of the file, which is the reading order in most files.
 *
 * @throws TooManyCharacters
 */
export function readTextLines(pdfium: Pdfium, page: number, size: Size): TextLine[] {
  const { api } = pdfium;
  const text = api.FPDFText_LoadPage(page);
  if (text === 0) return [];
  try {
    const count = api.FPDFText_CountChars(text);
    if (count > maxCharacters) throw new TooManyCharacters(count);
    const lines: TextLine[] = [];
    const characters = readCharacters(pdfium, { text, count }, pixelMap(pdfium, page, size));
    for (const line of linesOf(characters)) lines.push(...toLine(line, size));
    return lines;
  } finally {
    api.FPDFText_ClosePage(text);
  }
}

type PixelMap = (x: number, y: number) => Point;

/** Side of the square on which the corners of the page are measured: the library answers whole numbers. */
const fine = 1_000_000;

/** From points of the page to pixels of the rendered page, with `/Rotate` and the crop box. */
function pixelMap(pdfium: Pdfium, page: number, { width, height }: Size): PixelMap {
  const at = (x: number, y: number): Point =>
    pdfium.withMemory(8, (pointer) => {
      pdfium.api.FPDF_PageToDevice(page, 0, 0, fine, fine, 0, x, y, pointer, pointer + 4);
      return [(pdfium.int32(pointer) / fine) * width, (pdfium.int32(pointer + 4) / fine) * height];
    });
  const step = 100;
  const [x0, y0] = at(0, 0);
  const [x1, y1] = at(step, 0);
  const [x2, y2] = at(0, step);
  return (x, y) => [x0 + ((x1 - x0) * x + (x2 - x0) * y) / step, y0 + ((y1 - y0) * x + (y2 - y0) * y) / step];
}

function* readCharacters(
  pdfium: Pdfium,
  { text, count }: { readonly text: number; readonly count: number },
  toPixels: PixelMap,
): Generator<Character, void> {
  const { api } = pdfium;
  const [originX, originY] = toPixels(0, 0);
  const pointer = pdfium.allocate(32);
  try {
    for (let i = 0; i < count; i++) {
      const code = api.FPDFText_GetUnicode(text, i);
      if (code === 0 || code === 0xfffe || code === 0xffff) continue;
      api.FPDFText_GetCharBox(text, i, pointer, pointer + 8, pointer + 16, pointer + 24);
      const [left = 0, right = 0, bottom = 0, top = 0] = [0, 8, 16, 24].map((at) => pdfium.float64(pointer + at));
      const turn = api.FPDFText_GetCharAngle(text, i);
      const [x, y] = toPixels(Math.cos(turn), Math.sin(turn));
      yield {
        text: String.fromCodePoint(code),
        corners: [toPixels(left, top), toPixels(right, top), toPixels(right, bottom), toPixels(left, bottom)],
        angle: Math.atan2(y - originY, x - originX),
      };
    }
  } finally {
    pdfium.free(pointer);
  }
}

/** The library puts a line break between lines that the file places apart. One line at a time is in memory. */
function* linesOf(characters: Iterable<Character>): Generator<readonly Character[], void> {
  let line: Character[] = [];
  for (const character of characters) {
    if (/[\r\n]/.test(character.text)) {
      yield line;
      line = [];
    } else {
      line.push(character);
    }
  }
  yield line;
}

function toLine(characters: readonly Character[], size: Size): TextLine[] {
  const words = wordsOf(characters);
  const [first] = words.flat();
  if (first === undefined) return [];
  const toWord = (word: readonly Character[]) => ({
    text: joinText(word),
    region: regionOf(word, first.angle, size),
  });
  return [
    {
      text: joinText(characters).trim().replaceAll(/\s+/g, ' '),
      region: regionOf(words.flat(), first.angle, size),
      words: words.map(toWord),
    },
  ];
}

function wordsOf(characters: readonly Character[]): Character[][] {
  const words: Character[][] = [[]];
  for (const character of characters) {
    if (/\s/.test(character.text)) words.push([]);
    else words.at(-1)?.push(character);
  }
  return words.filter((word) => word.length > 0);
}

/** The library gives the halves of a character beyond U+FFFF one after the other in some files. */
function joinText(characters: readonly Character[]): string {
  return characters
    .map(({ text }) => text)
    .join('')
    .normalize('NFC');
}

/** The smallest rectangle along the text that holds all characters. */
function regionOf(characters: readonly Character[], angle: number, { width, height }: Size): Quad {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = characters.flatMap(({ corners }) =>
    corners.map(([x, y]): Point => [x * cos + y * sin, y * cos - x * sin]),
  );
  const xs = turned.map(([x]) => x);
  const ys = turned.map(([, y]) => y);
  const [left, right, top, bottom] = [
    smallest(xs),
    -smallest(xs.map((x) => -x)),
    smallest(ys),
    -smallest(ys.map((y) => -y)),
  ];
  const back = (x: number, y: number): Point => [
    clamp(Math.round(x * cos - y * sin), width),
    clamp(Math.round(x * sin + y * cos), height),
  ];
  return [back(left, top), back(right, top), back(right, bottom), back(left, bottom)];
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), length - 1);
}
