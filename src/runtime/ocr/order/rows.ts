import { height, middle, width, type Block } from './block.js';

/**
 * Groups blocks that stand side by side into rows, from top to bottom; within a row from left to right. A block belongs to a row
 * if it shares half of the lower height with the nearest block of the row, so that a row may rise or sink a little, and words
 * without ascenders and descenders stay in it.
 */
export function rowsOf(blocks: readonly Block[]): Block[][] {
  const rows: Row[] = [];
  let open: Row[] = [];
  for (const block of blocks.toSorted((a, b) => middle(a) - middle(b) || a.left - b.left)) {
    open = open.filter(({ bottom }) => bottom > block.top).slice(-maxOpen);
    const places = open.flatMap((row) => placeIn(row, block) ?? []);
    const best = places.reduce<Place | undefined>(
      (a, b) => (a === undefined || b.shared > a.shared ? b : a),
      undefined,
    );
    if (best === undefined) {
      const row = { blocks: [block], bottom: block.bottom };
      rows.push(row);
      open.push(row);
    } else {
      best.row.blocks.splice(best.at, 0, block);
      best.row.bottom = Math.max(best.row.bottom, block.bottom);
    }
  }
  return rows.map((row) => row.blocks);
}

interface Row {
  /** From left to right. */
  readonly blocks: Block[];
  bottom: number;
}

interface Place {
  readonly row: Row;
  readonly at: number;
  /** The part of the lower height that it shares with its neighbor. */
  readonly shared: number;
}

/** More than rows stand beside each other on any page; it bounds the time for boxes that cover each other. */
const maxOpen = 64;
const minShared = 0.5;
/** Boxes of neighbors may overlap a little. */
const maxCovered = 0.3;
/** Those of level words, such as a lone digit that stands close to a word, overlap more. */
const maxCoveredLevel = 0.5;
const minLevel = 0.8;

function placeIn(row: Row, block: Block): Place | undefined {
  const at = indexAfter(row.blocks, block.left);
  const neighbors = [row.blocks[at - 1], row.blocks[at]].filter((other) => other !== undefined);
  const isOver = (other: Block): boolean =>
    covered(other, block) > (sharedHeight(other, block) >= minLevel ? maxCoveredLevel : maxCovered);
  if (neighbors.some(isOver)) return undefined;
  const shared = Math.max(...neighbors.map((other) => sharedHeight(other, block)));
  return shared >= minShared ? { row, at, shared } : undefined;
}

/** The number of blocks that begin at `left` or before. */
function indexAfter(blocks: readonly Block[], left: number): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if ((blocks[half]?.left ?? Infinity) <= left) low = half + 1;
    else high = half;
  }
  return low;
}

export function sharedHeight(a: Block, b: Block): number {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return shared / Math.max(Math.min(height(a), height(b)), 1);
}

function covered(a: Block, b: Block): number {
  const shared = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  return shared / Math.max(Math.min(width(a), width(b)), 1);
}
