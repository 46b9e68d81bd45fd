import { distance, type Point, type Quad } from '../../geometry/point.js';
import type { Image, Size } from '../../image/image.js';
import { straighten } from '../../image/straighten.js';
import { isTall, sizeOf } from '../crop-lines.js';
import { withText } from '../strokes.js';
import type { TextLine } from '../text-line.js';
import { segmentNumber } from './segment-number.js';

/**
 * The lines, of which numbers on displays of seven segments are read by their segments too. A recognizer misses points that
 * touch the digits on both sides, a minus or a 1 at an end, and takes the room of a 1 for a space.
 */
export function withDisplays(image: Image, lines: readonly TextLine[]): readonly TextLine[] {
  const numbers = lines.filter(({ text, text_region }) => number.test(text) && mayBeDisplay(sizeOf(text_region)));
  const largest = numbers
    .toSorted((a, b) => sizeOf(b.text_region).height - sizeOf(a.text_region).height)
    .slice(0, maxRead);
  // Pages have many numbers, and their displays are the largest.
  if (!largest.slice(0, maxTried).some((line) => readIn(image, line, 0) !== undefined)) return lines;
  const read = lines.map((line) => (largest.includes(line) ? displayed(image, line) : line));
  // A line that was found for a part of another one's number is that number's part now.
  return read.filter((line, i) => {
    const before = lines[i];
    return read.every((other, k) => {
      if (other === lines[k] || k === i || before === undefined || !holds(other.text_region, before.text_region))
        return true;
      return line !== before && k > i;
    });
  });
}

/** Digits with marks and spaces between them. */
const number = /^[-\d.,:;·' ]*\d[-\d.,:;·' ]*$/;

function mayBeDisplay(size: Size): boolean {
  return size.height >= minDisplay && !isTall(size) && size.width <= size.height * maxAspect;
}

function displayed(image: Image, line: TextLine): TextLine {
  if (readIn(image, line, 0) === undefined) return line;
  const read = readIn(image, line, reach);
  const text = read === undefined ? undefined : joined(read.text, line.text);
  if (read === undefined || text === undefined || text === line.text) return line;
  return withText({ ...line, text_region: read.region }, { text, confidence: line.confidence });
}

/** @param room heights of the line that are looked at on both sides of it */
function readIn(image: Image, { text_region: box }: TextLine, room: number) {
  const own = sizeOf(box);
  const wide = widened(box, own.height * room, own.height * room);
  const height = Math.min(Math.max(own.height, minHeight), maxHeight);
  const width = Math.round((sizeOf(wide).width * height) / own.height);
  const from = Math.round((width * room) / (own.width / own.height + 2 * room));
  const picture = straighten(image, wide, sizeOf(wide), { width, height });
  const found = segmentNumber(picture, from, width - from);
  if (found === undefined) return undefined;
  const scale = own.height / height;
  const beyond = (pixels: number): number => (pixels > 0 ? pixels * scale + own.height * margin : 0);
  const region = widened(box, beyond(from - found.left), beyond(found.right - (width - from)));
  return { text: found.text, region };
}

/**
 * A number that segments gave, with the commas that the recognizer read: a point and a comma are the same segment. Undefined if a
 * character that the recognizer read is not there, in its order.
 */
function joined(segments: string, recognized: string): string | undefined {
  const text = Array.from(segments);
  let at = 0;
  for (const character of recognized.replaceAll(' ', '')) {
    at = text.indexOf(bySegments[character] ?? character, at) + 1;
    if (at === 0) return undefined;
    if (character === ',') text[at - 1] = character;
  }
  return text.join('');
}

/** What segments give for a mark. */
const bySegments: Readonly<Record<string, string>> = { ',': '.', '·': '.', ';': ':' };

function widened([a, b, c, d]: Quad, left: number, right: number): Quad {
  const moved = ([x, y]: Point, [x0, y0]: Point, [x1, y1]: Point, by: number): Point => {
    const share = by / Math.max(distance([x0, y0], [x1, y1]), 1);
    return [x + (x1 - x0) * share, y + (y1 - y0) * share];
  };
  return [moved(a, a, b, -left), moved(b, a, b, right), moved(c, d, c, right), moved(d, d, c, -left)];
}

/** Whether the middle of a box lies in another one. */
function holds(box: Quad, other: Quad): boolean {
  const [x, y] = [0, 1].map((axis) => other.reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / 4) as [
    number,
    number,
  ];
  return box.every(([x0, y0], i) => {
    const [x1, y1] = box[(i + 1) % 4] ?? [0, 0];
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0;
  });
}

/** Pixels to which lines are resized: segments are two pixels thick then, and more pixels tell nothing more. */
const minHeight = 48;
const maxHeight = 96;
/** Pixels: smaller digits have segments that cannot be told apart. */
const minDisplay = 14;
/** Numbers that are tried on a page without displays: one takes a few milliseconds. */
const maxTried = 4;
/** Numbers that are read by their segments on a page with displays. */
const maxRead = 32;
/** Width / height. Displays have few digits. */
const maxAspect = 20;
/** Heights of a line. */
const reach = 2.5;
const margin = 0.15;
