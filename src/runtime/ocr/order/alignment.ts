import { height, median, middle, type Block } from './block.js';
import { sharedHeight } from './rows.js';
import { inner, slabsOf, type Slab } from './slabs.js';

/**
 * Whether two sides are cells of common rows. Of the side with fewer rows, clearly more than would by chance stand level with one of
 * the other side, or beside nothing, as in a form whose cells are mostly empty.
 */
export function isTable(left: readonly Block[][], right: readonly Block[][]): boolean {
  // Only the cells at the gutter: a row of many cells would stand level with something by chance.
  const [atLeft, atRight] = [
    sideOf(
      left,
      left.flatMap((row) => row.at(-1) ?? []),
    ),
    sideOf(
      right,
      right.flatMap((row) => row[0] ?? []),
    ),
  ];
  const [few, many] = atLeft.cells.length < atRight.cells.length ? [atLeft, atRight] : [atRight, atLeft];
  const isOfRow = (cell: Block): boolean => isLevel(cell, many.cells);
  const chance = Math.min(chanceOf(many.cells), maxChance);
  if (isMore(few.cells.filter(isOfRow).length / few.cells.length, chance)) return true;
  const inside = few.cells.filter((cell) => isInside(cell, many.slabs));
  const fitting = inside.filter((cell) => isOfRow(cell) || isAlone(cell, many.slabs)).length / inside.length;
  const chanceOfBoth = Math.min(chance + chanceAlone(inside, many.slabs), maxChanceAlone);
  return isMore(fitting, chanceOfBoth) || isWrapped(few, many);
}

interface Side {
  readonly rows: readonly Block[][];
  /** A cell of each row, sorted by their middles. */
  readonly cells: readonly Block[];
  readonly slabs: readonly Slab[];
}

function sideOf(rows: readonly Block[][], cells: readonly Block[]): Side {
  return { rows, cells: cells.toSorted((a, b) => middle(a) - middle(b)), slabs: slabsOf(rows.flat()) };
}

/** The part of the lower height that two cells of a row share: one may lack ascenders and descenders. */
const minShared = 0.8;
const minExcess = 0.5;
const maxChance = 0.6;
const maxChanceAlone = 0.95;

function isMore(share: number, chance: number): boolean {
  return share - chance >= minExcess * (1 - chance);
}

/** The share of cells that would be level with one of these if they stood anywhere. */
function chanceOf(cells: readonly Block[]): number {
  const step = median(cells.slice(1).map((cell, i) => middle(cell) - middle(cells[i] ?? cell)));
  return (2 * (1 - minShared) * median(cells.map(height))) / Math.max(step, 1);
}

/** The share of cells that would stand between these slabs, beside nothing, if they stood anywhere. */
function chanceAlone(cells: readonly Block[], slabs: readonly Slab[]): number {
  const size = median(cells.map((cell) => inner(cell).bottom - inner(cell).top));
  const gaps = slabs.slice(1).map((slab, i) => Math.max(slab.top - (slabs[i]?.bottom ?? slab.top) - size, 0));
  const span = (slabs.at(-1)?.bottom ?? 0) - (slabs[0]?.top ?? 0);
  return gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(span, 1);
}

/** Whether it stands neither above nor below all of them. */
function isInside(cell: Block, slabs: readonly Slab[]): boolean {
  return middle(cell) >= (slabs[0]?.top ?? Infinity) && middle(cell) <= (slabs.at(-1)?.bottom ?? -Infinity);
}

function isAlone(cell: Block, slabs: readonly Slab[]): boolean {
  const { top, bottom } = inner(cell);
  const at = indexOf(slabs, (slab) => slab.bottom > top);
  return (slabs[at]?.top ?? Infinity) >= bottom;
}

/** `others` are sorted by their middles. */
function isLevel(block: Block, others: readonly Block[]): boolean {
  const at = indexOf(others, (other) => middle(other) >= middle(block));
  return [others[at - 1], others[at]].some(
    (other) => other !== undefined && isAlike(other, block) && sharedHeight(other, block) >= minShared,
  );
}

/** Vertical text stands beside several rows, and is level with none. */
function isAlike(a: Block, b: Block): boolean {
  return Math.max(height(a), height(b)) <= maxRatio * Math.min(height(a), height(b));
}

const maxRatio = 2.5;

/**
 * Whether one side is a table of several columns, and the other one its last or first column with cells of two lines, whose rows stand
 * beside the gap between the lines. Dense lines are nearly everywhere level with a row or between two, so all must fit.
 */
function isWrapped(table: Side, lines: Side): boolean {
  if (table.rows.filter((row) => row.length > 1).length <= minGrid * table.rows.length) return false;
  const pairs = pairsOf(lines.cells);
  const halves = new Set(pairs.filter(({ middle: own }) => isLevel(own, table.cells)).flatMap(({ of }) => of));
  const middles = pairs.map((pair) => pair.middle);
  return (
    table.cells.every((cell) => isLevel(cell, lines.cells) || isAlone(cell, lines.slabs) || isLevel(cell, middles)) &&
    lines.cells.every((line) => halves.has(line) || isLevel(line, table.cells) || isAlone(line, table.slabs))
  );
}

const minGrid = 0.6;
/** Of the height of a line. */
const maxGap = 0.1;

/** Two lines that follow each other closely, and a line between them. */
function pairsOf(lines: readonly Block[]): { of: [Block, Block]; middle: Block }[] {
  return lines.slice(1).flatMap((below, i) => {
    const above = lines[i];
    if (above === undefined || !isAlike(above, below)) return [];
    const size = Math.min(height(above), height(below));
    if (below.top - above.bottom > maxGap * size || above.right < below.left || below.right < above.left) return [];
    const at = (middle(above) + middle(below)) / 2;
    return [{ of: [above, below], middle: { ...above, top: at - size / 2, bottom: at + size / 2 } }];
  });
}

/** The first place of which `holds` is true, where it is true of all that follow; the length if it is of none. */
function indexOf<T>(all: readonly T[], holds: (one: T) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const half = (low + high) >> 1;
    const one = all[half];
    if (one === undefined || holds(one)) high = half;
    else low = half + 1;
  }
  return low;
}
