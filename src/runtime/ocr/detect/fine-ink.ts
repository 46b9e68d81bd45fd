import type { Image, Size } from '../../image/image.js';
import type { Region } from '../../image/resize.js';

/** A part of a picture as cells of equal size, the last ones of which may be cut off. */
export interface CellGrid {
  /** The part, in pixels of the map. */
  readonly part: Region;
  /** The map of the whole picture. */
  readonly whole: Size;
  /** Map pixels. */
  readonly cellSide: number;
}

/**
 * Tells which cells of a map hold strokes too fine for the map: many in some rows of the picture, as in a line of small
 * letters, and none in others, as between lines. A texture has strokes in all rows.
 *
 * @returns 1 for such a cell, by rows of cells. One row of the picture is looked at for each row of the map.
 */
export function fineInk(image: Image, { part, whole, cellSide }: CellGrid): Uint8Array {
  const columns = Math.ceil(part.width / cellSide);
  const rows = Math.ceil(part.height / cellSide);
  const busy = new Uint8Array(columns * rows);
  const blank = new Uint8Array(columns * rows);
  const strokes = new Uint16Array(columns);
  const by = image.width / whole.width;
  const ends = Array.from({ length: columns }, (_, i) =>
    Math.min(Math.round((part.x + (i + 1) * cellSide) * by), image.width),
  );
  for (let y = 0; y < part.height; y++) {
    const source = Math.floor(((part.y + y + 0.5) * image.height) / whole.height);
    countStrokes(image, source, Math.round(part.x * by), ends, maxStroke * by, strokes);
    const row = Math.floor(y / cellSide) * columns;
    for (let column = 0; column < columns; column++) {
      const count = strokes[column] ?? 0;
      if (count >= minStrokes) busy[row + column] = (busy[row + column] ?? 0) + 1;
      else if (count <= maxBlank) blank[row + column] = (blank[row + column] ?? 0) + 1;
    }
  }
  return Uint8Array.from(busy, (count, cell) => (count >= minBusy && (blank[cell] ?? 0) >= minBlank ? 1 : 0));
}

/** Counts the turns from dark to light and back that are near each other, in one row of a picture, by cells. */
function countStrokes(
  { width, data }: Image,
  y: number,
  from: number,
  ends: readonly number[],
  near: number,
  into: Uint16Array,
): void {
  let [x, low, high, lastTurn, rising] = [from, 255, 0, -Infinity, true];
  for (const [cell, end] of ends.entries()) {
    let count = 0;
    for (let at = (y * width + x) * 3 + 1; x < end; x++, at += 3) {
      const value = data[at] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
      const turns = rising ? high - value >= minContrast : value - low >= minContrast;
      if (!turns) continue;
      rising = !rising;
      [low, high] = [value, value];
      if (x - lastTurn <= near) count++;
      lastTurn = x;
    }
    into[cell] = count;
  }
}

/** Difference of the green value between a letter and its ground. */
const minContrast = 40;

/** Map pixels across a stroke or the space beside it, in letters of 5 px. */
const maxStroke = 1.5;

/** Strokes of a row in a cell with a few letters. */
const minStrokes = 4;

/** Strokes of a row without letters: a vertical rule may cross it. */
const maxBlank = 1;

/** Rows of a cell with the middle of at least one line, and with the space between two lines. */
const minBusy = 2;
const minBlank = 5;
