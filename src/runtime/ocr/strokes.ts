import type { Point, Quad } from '../geometry/point.js';
import type { Image } from '../image/image.js';
import { cropStanding, sizeOf } from './crop-lines.js';
import { columnSums, inkMapOf } from './display/ink-map.js';
import type { RecognizedText } from './recognize/ctc.js';
import { standingStroke } from './standing-stroke.js';
import type { TextLine } from './text-line.js';

/** The lines, of which those with a single narrow letter get the letter that its shape tells. */
export function withStrokes(image: Image, lines: readonly TextLine[]): TextLine[] {
  return lines.map((line) => {
    if (doubledNumeral.test(line.text)) return withCountedStrokes(image, line);
    if (!isStroke(line)) return line;
    // The 1 of a display is a bare stroke too, and may be found apart from its number.
    if (lines.some(({ text }) => number.test(text) && !standing.test(text))) return line;
    const told = standingStroke(cropStanding(image, withRoom(line.text_region, image)));
    const text = told.find((letter) => letter === line.text) ?? told[0];
    if (text === undefined) return line;
    return withText(line, { text, confidence: Math.max(line.confidence, minShape) });
  });
}

/** A sign that is a whole numeral, beside a part of it: IⅢ is read in III. A 1 may be a number behind the numeral. */
const doubledNumeral = /^(?=.*[ⅡⅢ])[Il|ⅠⅡⅢ]{2,4}$/;

/** The line as a numeral of as many strokes as its picture has: columns with more than half of the most ink, which serifs have not. */
function withCountedStrokes(image: Image, line: TextLine): TextLine {
  const map = inkMapOf(cropStanding(image, withRoom(line.text_region, image)));
  const columns = Array.from(columnSums(map, 0, map.height));
  const highest = Math.max(...columns);
  const isInked = (at: number): boolean => (columns[at] ?? 0) > highest / 2;
  const count = columns.filter((_, at) => isInked(at) && !isInked(at - 1)).length;
  if (count < 2 || count > 4) return line;
  return withText(line, { text: 'I'.repeat(count), confidence: Math.max(line.confidence, minShape) });
}

/** The line with another text, which is one word. */
export function withText(line: TextLine, { text, confidence }: Pick<RecognizedText, 'text' | 'confidence'>): TextLine {
  const words = line.words === undefined ? {} : { words: [{ text, confidence, region: line.text_region }] };
  return { ...line, text, confidence, ...words };
}

/** What recognizers read in a single stroke, as it stands and turned a quarter. */
const standing = /^[1Ili|![\]「」]$/;
const lying = /^[-–—―一ー_~]$/;

const number = /^[-\d.,:\s]*\d[-\d.,:\s]*$/;

/** Confidence of a letter that its shape has told. */
const minShape = 0.6;

function isStroke({ text, text_region: box }: TextLine): boolean {
  const { width, height } = sizeOf(box);
  return standing.test(text) || (height > width && lying.test(text));
}

/** The box with the ground around its letter, upright. */
function withRoom(box: Quad, image: Image): Quad {
  const { width, height } = sizeOf(box);
  const room = Math.min(width, height) * roomShare;
  const [xs, ys] = [box.map(([x]) => x), box.map(([, y]) => y)];
  const [left, right] = [Math.max(Math.min(...xs) - room, 0), Math.min(Math.max(...xs) + room, image.width - 1)];
  const [top, bottom] = [Math.max(Math.min(...ys) - room, 0), Math.min(Math.max(...ys) + room, image.height - 1)];
  const corner = (x: number, y: number): Point => [Math.round(x), Math.round(y)];
  return [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)];
}

const roomShare = 0.3;
