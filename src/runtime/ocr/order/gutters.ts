import type { Block } from './block.js';
import type { Slab } from './slabs.js';

/** A white stripe from top to bottom between blocks, over some slabs that follow each other. */
export interface Gutter {
  /** The first slab, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

/** More stripes than columns of any page; it bounds the time for hostile ones. */
const maxStripes = 24;

/**
 * Finds all stripes that no block meets, at least `minWidth` wide and as long as possible, including those at the margins of
 * single slabs that continue one between blocks.
 */
export function guttersOf(slabs: readonly Slab[], minWidth: number): Gutter[] {
  const found: Gutter[] = [];
  let open: Gutter[] = [];
  slabs.forEach((slab, at) => {
    const gaps = gapsOf(slab.blocks);
    const next: Gutter[] = [];
    for (const stripe of open) {
      const parts = gaps
        .map((gap) => ({ left: Math.max(gap.left, stripe.left), right: Math.min(gap.right, stripe.right) }))
        .filter(({ left, right }) => right - left >= minWidth);
      next.push(...parts.map((part) => ({ ...part, from: stripe.from, to: at + 1 })));
      if (!parts.some(({ left, right }) => (right - left) * 2 > stripe.right - stripe.left)) found.push(stripe);
    }
    for (const gap of gaps) {
      if (gap.right - gap.left < minWidth) continue;
      if (!next.some(({ left, right }) => left === gap.left && right === gap.right))
        next.push({ ...gap, from: at, to: at + 1 });
    }
    open = next.toSorted((a, b) => a.from - b.from || b.right - b.left - (a.right - a.left)).slice(0, maxStripes);
  });
  return [...found, ...open].filter(({ left, right }) => left > -Infinity && right < Infinity);
}

interface Gap {
  readonly left: number;
  readonly right: number;
}

/** What blocks leave free of the whole axis, from left to right. */
export function gapsOf(blocks: readonly Block[]): Gap[] {
  const gaps: Gap[] = [];
  let left = -Infinity;
  for (const block of blocks.toSorted((a, b) => a.left - b.left)) {
    if (block.left > left) gaps.push({ left, right: block.left });
    left = Math.max(left, block.right);
  }
  return [...gaps, { left, right: Infinity }];
}
