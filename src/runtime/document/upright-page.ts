import type { Point, Quad } from '../geometry/point.js';
import type { Page, PageLine, Rotation } from './page.js';
import { textCorners } from './text-corners.js';

/**
 * The page turned so that most of its letters stand upright. Formats join lines to paragraphs, and name the turn. Undone by
 * `inFile`.
 *
 * @param page as it is in its file, with the rotation 0
 */
export function uprightPage<P extends Page>(page: P): P {
  const rotation = rotationOf(page.lines);
  if (rotation === 0) return page;
  const { width, height } = page;
  const [turnedWidth, turnedHeight] = rotation === 180 ? [width, height] : [height, width];
  const lines = page.lines.map((line) => mapRegions(line, (point) => turned(point, page, rotation)));
  return { ...page, rotation, width: turnedWidth, height: turnedHeight, lines };
}

/** The size of a page in its file, before the turn. */
export function sizeInFile({ width, height, rotation }: Page): { readonly width: number; readonly height: number } {
  return rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height };
}

/** The pixel of the page in its file that the turn moved to this pixel. */
export function inFile([x, y]: Point, { width, height, rotation }: Page): Point {
  switch (rotation) {
    case 0:
      return [x, y];
    case 90:
      return [y, width - 1 - x];
    case 180:
      return [width - 1 - x, height - 1 - y];
    case 270:
      return [height - 1 - y, x];
  }
}

/** A line with each corner of its own region and of its words' regions mapped. */
export function mapRegions(line: PageLine, map: (point: Point) => Point): PageLine {
  const mapQuad = ([a, b, c, d]: Quad): Quad => [map(a), map(b), map(c), map(d)];
  const { text_region, words } = line;
  const mapped = words?.map((word) => ({ ...word, region: mapQuad(word.region) }));
  return { ...line, text_region: mapQuad(text_region), ...(mapped === undefined ? {} : { words: mapped }) };
}

/** The inverse of `inFile`. */
function turned([x, y]: Point, { width, height }: Page, rotation: Rotation): Point {
  switch (rotation) {
    case 0:
      return [x, y];
    case 90:
      return [height - 1 - y, x];
    case 180:
      return [width - 1 - x, height - 1 - y];
    case 270:
      return [y, width - 1 - x];
  }
}

/** The turn after which more than half of the letters stand upright; 0 if there is none. */
function rotationOf(lines: readonly PageLine[]): Rotation {
  const letters = { 0: 0, 90: 0, 180: 0, 270: 0 };
  for (const line of lines) letters[turnOf(line)] += line.text.length;
  const all = letters[0] + letters[90] + letters[180] + letters[270];
  return turns.find((turn) => 2 * letters[turn] > all) ?? 0;
}

const turns = [0, 90, 180, 270] as const;

/** The turn that makes a line run from left to right. */
function turnOf(line: PageLine): Rotation {
  const [[ax, ay], [bx, by]] = textCorners(line)(line.text_region);
  const quarters = Math.round(Math.atan2(by - ay, bx - ax) / (Math.PI / 2));
  return turns[(4 - quarters) % 4] ?? 0;
}
