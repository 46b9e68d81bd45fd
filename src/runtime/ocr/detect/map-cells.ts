import type { Region } from '../../image/resize.js';
import type { ProbabilityMap } from './db-postprocess.js';
import type { CellGrid } from './fine-ink.js';

/** Neighboring cells of a map in which something was marked. */
export interface MarkedCells {
  /** The cells and those around them, in pixels of the map. */
  readonly area: Region;
  /** Map pixels of the small lines in them. */
  readonly small: number;
  /** Number of cells that are lit faintly, or hold fine ink, without any line that is not small. */
  readonly faint: number;
}

/** What a map shows, in squares of 32 pixels. */
export class MapCells {
  readonly #map: ProbabilityMap;
  readonly #columns: number;
  readonly #rows: number;
  /** Map pixels of small lines. */
  readonly #small: Float32Array;
  /** 1 where there is a line that is not small. */
  readonly #large: Uint8Array;
  /** Number of pixels that are lit. */
  readonly #lit: Uint16Array;

  #inked: Uint8Array = new Uint8Array();

  constructor(map: ProbabilityMap) {
    this.#map = map;
    this.#columns = Math.ceil(map.width / cellSide);
    this.#rows = Math.ceil(map.height / cellSide);
    const count = this.#columns * this.#rows;
    this.#small = new Float32Array(count);
    this.#large = new Uint8Array(count);
    this.#lit = new Uint16Array(count);
    for (let y = 0, at = 0; y < map.height; y++) {
      const row = Math.floor(y / cellSide) * this.#columns;
      for (let x = 0; x < map.width; x++, at++) {
        if ((map.data[at] ?? 0) <= darkness) continue;
        const cell = row + Math.floor(x / cellSide);
        this.#lit[cell] = (this.#lit[cell] ?? 0) + 1;
      }
    }
  }

  /** The cells, as a place to look for ink. */
  get grid(): CellGrid {
    const { width, height, part } = this.#map;
    const { x, y, whole } = part ?? { x: 0, y: 0, whole: { width, height } };
    return { part: { x, y, width, height }, whole, cellSide };
  }

  /** @param inked 1 for each cell with strokes that are too fine for the map */
  markInked(inked: Uint8Array): void {
    this.#inked = inked;
  }

  /** @param length of the line in map pixels, which its cells share */
  markSmall(line: Region, length: number): void {
    const cells = this.#cellsOf(line);
    for (const cell of cells) this.#small[cell] = (this.#small[cell] ?? 0) + length / cells.length;
  }

  markLarge(line: Region): void {
    for (const cell of this.#cellsOf(line)) this.#large[cell] = 1;
  }

  /** The cells that are marked as small, and the faint ones. Those with at most one cell between them belong together. */
  parts(): MarkedCells[] {
    const left = new Set([...this.#small.keys()].filter((cell) => (this.#small[cell] ?? 0) > 0 || this.#isFaint(cell)));
    const parts: MarkedCells[] = [];
    for (const start of left) parts.push(this.#partOf(this.#taken(start, left)));
    return parts;
  }

  #cellsOf({ x, y, width, height }: Region): number[] {
    const cells: number[] = [];
    for (let row = Math.floor(y / cellSide); row * cellSide < y + height; row++)
      for (let column = Math.floor(x / cellSide); column * cellSide < x + width; column++)
        cells.push(row * this.#columns + column);
    return cells;
  }

  #isFaint(cell: number): boolean {
    return this.#large[cell] === 0 && ((this.#lit[cell] ?? 0) >= minLitPixels || this.#inked[cell] === 1);
  }

  /** Takes the cells out of `left` that belong together with one. */
  #taken(start: number, left: Set<number>): number[] {
    const taken = [start];
    left.delete(start);
    for (const cell of taken) {
      const [column, row] = [cell % this.#columns, Math.floor(cell / this.#columns)];
      for (let y = Math.max(row - reach, 0); y <= Math.min(row + reach, this.#rows - 1); y++) {
        for (let x = Math.max(column - reach, 0); x <= Math.min(column + reach, this.#columns - 1); x++) {
          const next = y * this.#columns + x;
          if (left.delete(next)) taken.push(next);
        }
      }
    }
    return taken;
  }

  #partOf(cells: readonly number[]): MarkedCells {
    const columns = cells.map((cell) => cell % this.#columns);
    const rows = cells.map((cell) => Math.floor(cell / this.#columns));
    const [x, right] = spanOf(columns, this.#map.width);
    const [y, bottom] = spanOf(rows, this.#map.height);
    return {
      area: { x, y, width: right - x, height: bottom - y },
      small: cells.reduce((sum, cell) => sum + (this.#small[cell] ?? 0), 0),
      faint: cells.filter((cell) => this.#isFaint(cell)).length,
    };
  }
}

/** Map pixels from the cell before the first to the one after the last. */
function spanOf(cells: readonly number[], length: number): [from: number, to: number] {
  const [first, last] = cells.reduce(([low, high], cell) => [Math.min(low, cell), Math.max(high, cell)], [Infinity, 0]);
  return [Math.max((first - 1) * cellSide, 0), Math.min((last + 2) * cellSide, length)];
}

const cellSide = 32;

/** Cells that are at most so far apart belong together. */
const reach = 2;

/** Probability of a pixel that shows nothing. */
const darkness = 0.02;

/** Pixels of a cell that is lit. */
const minLitPixels = 8;
