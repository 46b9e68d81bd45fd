import { height, type Block } from './block.js';

/** A horizontal slice of a page: blocks that no horizontal line parts. */
export interface Slab {
  readonly blocks: readonly Block[];
  readonly top: number;
  readonly bottom: number;
}

/** Boxes of lines that follow each other closely may overlap by so much of their height, at each edge. */
const edge = 0.15;

/** Cuts a page wherever a horizontal line meets no block, from top to bottom. */
export function slabsOf(blocks: readonly Block[]): Slab[] {
  const slabs: { blocks: Block[]; top: number; bottom: number }[] = [];
  const sorted = blocks.toSorted((a, b) => inner(a).top - inner(b).top || a.left - b.left);
  for (const block of sorted) {
    const { top, bottom } = inner(block);
    const last = slabs.at(-1);
    if (last === undefined || top >= last.bottom) slabs.push({ blocks: [block], top, bottom });
    else {
      last.blocks.push(block);
      last.bottom = Math.max(last.bottom, bottom);
    }
  }
  return slabs;
}

/** Where a block surely is. */
export function inner(block: Block): Pick<Block, 'top' | 'bottom'> {
  const margin = edge * height(block);
  return { top: block.top + margin, bottom: block.bottom - margin };
}
