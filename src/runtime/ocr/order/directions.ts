import { bounds, fromVertical, height, thickness, toVertical, width, type Block } from './block.js';
import { layout } from './layout.js';
import { slabsOf } from './slabs.js';

/** The blocks of a page in reading order, where each may be a line of horizontal or of vertical text. */
export function inOrder(blocks: readonly Block[]): Block[] {
  const tall = blocks.filter(isTall);
  if (tall.length === 0) return horizontalLayout(blocks);
  const long = blocks.filter(isLong);
  return total(tall) > total(long) ? verticalPage(blocks) : horizontalPage(blocks);
}

/** Lines of vertical text that are near each other are read together: in their place, or last if they stand in a margin. */
function horizontalPage(blocks: readonly Block[]): Block[] {
  const wide = blocks.filter((block) => !isTall(block));
  const text = bounds(wide);
  const isInMargin = ({ left, right }: Block): boolean => right <= text.left || left >= text.right;
  const groups = groupsOf(blocks.filter(isTall)).map((group) => joined(verticalLayout(group)));
  const aside = groups.filter(isInMargin).toSorted((a, b) => b.left - a.left || a.top - b.top);
  return [...horizontalLayout([...wide, ...groups.filter((group) => !isInMargin(group))]), ...aside];
}

/** Horizontal headings stand above, below or between tiers of columns. */
function verticalPage(blocks: readonly Block[]): Block[] {
  const parts: { isVertical: boolean; blocks: Block[] }[] = [];
  for (const slab of slabsOf(blocks)) {
    const isVertical = slab.blocks.some(isTall) || !slab.blocks.some(isLong);
    const last = parts.at(-1);
    if (last?.isVertical === isVertical) last.blocks.push(...slab.blocks);
    else parts.push({ isVertical, blocks: [...slab.blocks] });
  }
  return parts.flatMap((part) => (part.isVertical ? tiers(part.blocks) : horizontalLayout(part.blocks)));
}

/** Horizontal lines that are near each other, beside columns, are read together. */
function tiers(blocks: readonly Block[]): Block[] {
  const groups = groupsOf(blocks.filter(isLong)).map((group) => joined(horizontalLayout(group)));
  return verticalLayout([...blocks.filter((block) => !isLong(block)), ...groups]);
}

function horizontalLayout(blocks: readonly Block[]): Block[] {
  return layout(blocks, 8);
}

/** Tiers of columns are shorter than lines, and tables are rare. */
function verticalLayout(blocks: readonly Block[]): Block[] {
  return layout(blocks.map(toVertical), 4).map(fromVertical);
}

const minElongation = 1.5;
const minElongationUnread = 2.2;

/** Whether it is a line of vertical text: clearly taller than wide, and more than one character. */
function isTall(block: Block): boolean {
  if (block.letters === undefined) return height(block) > minElongationUnread * width(block);
  return block.letters > 1 && height(block) > minElongation * width(block);
}

/** Whether it is a line of horizontal text: clearly wider than high. A single character may belong to either. */
function isLong(block: Block): boolean {
  return width(block) > minElongation * height(block);
}

/** The length of all lines, in heights of a line. */
function total(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + Math.max(width(block), height(block)) / Math.max(thickness(block), 1), 0);
}

/** Blocks that are near each other, in heights of a line. */
const maxDistance = 1.5;
/** More than columns of all tiers stand above each other on any page; it bounds the time for boxes that cover each other. */
const maxOpen = 256;

/** Groups blocks of which each is near another one of its group. */
function groupsOf(blocks: readonly Block[]): Block[][] {
  let open: { right: number; group: number; block: Block }[] = [];
  const parents: number[] = [];
  const root = (group: number): number => {
    let at = group;
    while (parents[at] !== at) at = parents[at] ?? at;
    return at;
  };
  const sorted = blocks.toSorted((a, b) => a.left - b.left || a.top - b.top);
  sorted.forEach((block, i) => {
    parents.push(i);
    const margin = maxDistance * thickness(block);
    open = open.filter(({ right }) => right >= block.left).slice(-maxOpen);
    for (const other of open) {
      const isNear = Math.max(other.block.top, block.top) - Math.min(other.block.bottom, block.bottom) <= margin;
      if (isNear) parents[root(other.group)] = root(i);
    }
    open.push({ right: block.right + margin, group: i, block });
  });
  const groups = new Map<number, Block[]>();
  sorted.forEach((block, i) => {
    const group = groups.get(root(i));
    if (group === undefined) groups.set(root(i), [block]);
    else group.push(block);
  });
  return [...groups.values()];
}

function joined(blocks: readonly Block[]): Block {
  return { ...bounds(blocks), letters: undefined, members: blocks.flatMap(({ members }) => members) };
}
