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
  const inner = (block: Block): [top: number, bottom: number] => {
    const margin = edge * height(block);
    return [block.top + margin, block.bottom - margin];
  };
  const sorted = blocks.toSorted((a, b) => inner(a)[0] - inner(b)[0] || a.left - b.left);
  for (const block of sorted) {
    const [top, bottom] = inner(block);
    const last = slabs.at(-1);
    if (last === undefined || top >= last.bottom) slabs.push({ blocks: [block], top, bottom });
    else {
      last.blocks.push(block);
      last.bottom = Math.max(last.bottom, bottom);
    }
  }
  return slabs;
}
