import { height, median, middle, type Block } from './block.js';
import { sharedHeight } from './rows.js';

/**
 * Whether two sides are cells of common rows: clearly more rows of the side with fewer stand level with one of the other side
 * than would by chance.
 */
export function isTable(left: readonly Block[][], right: readonly Block[][]): boolean {
  // Only the cells at the gutter: a row of many cells would stand level with something by chance.
  const [leftCells, rightCells] = [left.flatMap((row) => row.at(-1) ?? []), right.flatMap((row) => row[0] ?? [])];
  const [few, many] = leftCells.length < rightCells.length ? [leftCells, rightCells] : [rightCells, leftCells];
  const others = many.toSorted((a, b) => middle(a) - middle(b));
  const level = few.filter((cell) => isLevel(cell, others)).length / few.length;
  const chance = chanceOf(others);
  return level - chance >= minExcess * (1 - chance);
}

/** The part of the lower height that two cells of a row share: one may lack ascenders and descenders. */
const minShared = 0.8;
const minExcess = 0.5;

/** The share of cells that would be level with one of these if they stood anywhere. */
function chanceOf(cells: readonly Block[]): number {
  const step = median(cells.slice(1).map((cell, i) => middle(cell) - middle(cells[i] ?? cell)));
  return Math.min((2 * (1 - minShared) * median(cells.map(height))) / Math.max(step, 1), maxChance);
}

const maxChance = 0.6;

/** `others` are sorted by their middles. */
function isLevel(block: Block, others: readonly Block[]): boolean {
  let [low, high] = [0, others.length];
  while (low < high) {
    const half = (low + high) >> 1;
    const other = others[half];
    if (other !== undefined && middle(other) < middle(block)) low = half + 1;
    else high = half;
  }
  return [others[low - 1], others[low]].some((other) => other !== undefined && sharedHeight(other, block) >= minShared);
}
