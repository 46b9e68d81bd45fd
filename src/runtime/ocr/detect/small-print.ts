import { distance, type Point } from '../../geometry/point.js';
import { minAreaRect } from '../../geometry/min-area-rect.js';
import type { Image, Size } from '../../image/image.js';
import type { Region } from '../../image/resize.js';
import type { ProbabilityMap } from './db-postprocess.js';
import { fineInk } from './fine-ink.js';
import { MapCells, type MarkedCells } from './map-cells.js';

/** A part of a map whose letters are too small to be found and read. */
export interface SmallPrint {
  /** In pixels of the map. */
  readonly area: Region;
  /** How many times larger its letters should be. */
  readonly enlarge: number;
  /** The picture must show them that many times larger. Otherwise they cannot be read in the picture itself. */
  readonly minEnlarge: number;
}

/**
 * Finds the parts of a map where text is too small: those with low lines, and those where the map is lit faintly without
 * any line. A page of ordinary print has none. A picture that is shrunk much, and has such parts or no line at all, is also
 * searched for strokes that leave the map dark.
 *
 * @param contours of the map, as `textContours` finds them
 */
export function smallPrintOf(map: ProbabilityMap, contours: readonly (readonly Point[])[], image: Image): SmallPrint[] {
  const cells = new MapCells(map);
  const lines = contours.map(boundsOf);
  for (const [i, line] of lines.entries()) {
    const { low, long } = sidesOf(contours[i] ?? []);
    if (low > maxLow) cells.markLarge(grown(line, Math.min(low, maxHalo), map));
    else if (long >= minLong) cells.markSmall(line, long);
  }
  let prints = printsIn(cells);
  const isShrunk = image.width >= faintLight.minEnlarge * cells.grid.whole.width;
  if (isShrunk && (prints.length > 0 || lines.length === 0)) {
    cells.markInked(fineInk(image, cells.grid));
    prints = printsIn(cells);
  }
  return merged(prints.map((print) => withLines(print, lines)));
}

function printsIn(cells: MapCells): SmallPrint[] {
  return cells.parts().flatMap((part) => smallPrintIn(part) ?? []);
}

function smallPrintIn({ area, small, faint }: MarkedCells): SmallPrint | undefined {
  if (small >= minSmall) return { area, ...lowLines };
  return faint >= minFaint ? { area, ...faintLight } : undefined;
}

/**
 * Map pixels across a line before its box grows: the network marks the middle of a line. Lines of 3 px have letters of 6
 * to 7 px and are read wrong in part; lines of 4 px are read right (docs/decisions/0034).
 */
const maxLow = 3.5;

/** Map pixels: shorter ones are hyphens, points and specks. */
const minLong = 8;

/** Map pixels of low lines, together, from which a part is looked at again: six letters. */
const minSmall = 40;

/** Cells that are lit faintly from which a part is looked at again. */
const minFaint = 8;

/** Map pixels around a line that are lit by it. A line is lit as far as half its letters are high. */
const maxHalo = 16;

const lowLines = { enlarge: 2, minEnlarge: 1.5 };

/** Letters that light the map faintly are 3 to 5 px high. */
const faintLight = { enlarge: 3, minEnlarge: 2.4 };

function boundsOf(contour: readonly Point[]): Region {
  let [left, right, top, bottom] = [Infinity, 0, Infinity, 0];
  for (const [x, y] of contour) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The sides of the smallest rectangle around a contour, tilted or not. */
function sidesOf(contour: readonly Point[]): { readonly low: number; readonly long: number } {
  const rect = minAreaRect(contour);
  if (rect === undefined) return { low: 0, long: 0 };
  const [a, b, c] = rect.corners;
  return { low: rect.shortSide, long: Math.max(distance(a, b), distance(b, c)) };
}

function grown({ x, y, width, height }: Region, by: number, map: Size): Region {
  const [left, top] = [Math.max(x - by, 0), Math.max(y - by, 0)];
  const right = Math.min(x + width + by, map.width);
  const bottom = Math.min(y + height + by, map.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The print with the whole of each line of which it holds a part. */
function withLines(print: SmallPrint, lines: readonly Region[]): SmallPrint {
  return { ...print, area: lines.filter((line) => overlap(print.area, line)).reduce(union, print.area) };
}

/** Parts that overlap become one. */
function merged(parts: readonly SmallPrint[]): SmallPrint[] {
  const apart: SmallPrint[] = [];
  for (let part of parts) {
    for (;;) {
      const at = apart.findIndex((other) => overlap(other.area, part.area));
      const other = apart[at];
      if (other === undefined) break;
      apart.splice(at, 1);
      part = {
        area: union(other.area, part.area),
        enlarge: Math.max(other.enlarge, part.enlarge),
        minEnlarge: Math.min(other.minEnlarge, part.minEnlarge),
      };
    }
    apart.push(part);
  }
  return apart;
}

function overlap(a: Region, b: Region): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function union(a: Region, b: Region): Region {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}
