import { bounds, height, median, width, type Block } from './block.js';
import { isTable } from './alignment.js';
import { gapsOf, guttersOf, type Gutter } from './gutters.js';
import { rowsOf } from './rows.js';
import { slabsOf, type Slab } from './slabs.js';

/** Slabs that follow each other and are cut by a gutter into two sides, which are read one after the other. */
export interface Columns {
  readonly from: number;
  readonly to: number;
  readonly gutter: Gutter;
  readonly left: readonly Block[];
  readonly right: readonly Block[];
}

/** Finds where a page has columns, from top to bottom. Columns of a table are none: tables are read by row. */
export function columnsOf(slabs: readonly Slab[], minProseWidth: number): Columns[] {
  const size = median(slabs.flatMap(({ blocks }) => blocks.map(height)));
  const candidates = guttersOf(slabs, minGutter * size)
    .map((gutter) => untilHead(slabs, sidesOf(slabs, gutter, size), size, minProseWidth))
    .filter(({ left, right }) => left.length > 0 && right.length > 0)
    .toSorted(byLength);
  const chosen: Columns[] = [];
  const tables: Columns[] = [];
  for (const columns of candidates) {
    if (chosen.some((other) => overlap(other, columns)) || tables.some((table) => isPartOf(columns, table))) continue;
    const kind = kindOf(columns, size, minProseWidth);
    if (kind === 'columns') chosen.push(columns);
    if (kind === 'table') tables.push(columns);
  }
  return chosen.toSorted((a, b) => a.from - b.from);
}

function byLength(a: Columns, b: Columns): number {
  const widthOf = ({ gutter }: Columns): number => gutter.right - gutter.left;
  return b.to - b.from - (a.to - a.from) || widthOf(b) - widthOf(a) || a.gutter.left - b.gutter.left || a.from - b.from;
}

function overlap(a: Columns, b: Columns): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Whether it is cut by the same gutter as the table. */
function isPartOf({ from, to, gutter }: Columns, table: Columns): boolean {
  const sameGutter = gutter.left < table.gutter.right && gutter.right > table.gutter.left;
  return sameGutter && from >= table.from && to <= table.to;
}

// Distances are in heights of a line.
const minGutter = 1;
const minRows = 3;
const maxStep = 1.8;
const minHeadStep = 0.5;
const minSideWidth = 4;
/** Of the width of a column. */
const minFill = 0.7;

function sidesOf(slabs: readonly Slab[], gutter: Gutter, size: number): Columns {
  const isLeft = (block: Block): boolean => block.right <= gutter.left;
  let { from, to } = gutter;
  // Columns may begin a little higher on the right.
  const isAbove = (at: number): boolean =>
    !slabs[at]?.blocks.some(isLeft) && distance(slabs[at], slabs[at + 1]) > minHeadStep * size;
  // Running heads, page numbers, and what stands above the right side alone, are read by themselves.
  while (from < to && (isApart(slabs[from], slabs[from + 1], size) || isAbove(from))) from++;
  while (to > from && isApart(slabs[to - 1], slabs[to - 2], size)) to--;
  const blocks = slabs.slice(from, to).flatMap((slab) => slab.blocks);
  return { from, to, gutter, left: blocks.filter(isLeft), right: blocks.filter((block) => !isLeft(block)) };
}

/** Whether a slab is a single row, and far from its neighbor. */
function isApart(slab: Slab | undefined, neighbor: Slab | undefined, size: number): boolean {
  if (slab === undefined || neighbor === undefined || slab.blocks.some(({ members }) => members.length > 1))
    return false;
  return distance(slab, neighbor) > maxStep * size && rowsOf(slab.blocks).length === 1;
}

function distance(a: Slab | undefined, b: Slab | undefined): number {
  if (a === undefined || b === undefined) return Infinity;
  return Math.max(a.top - b.bottom, b.top - a.bottom);
}

/**
 * Ends columns of text where the heading of the next part stands: a line that is short enough to miss this gutter, but crosses another
 * one.
 */
function untilHead(slabs: readonly Slab[], columns: Columns, size: number, minProseWidth: number): Columns {
  const isHead = (at: number): boolean => {
    const [above, slab, below] = [slabs[at - 1], slabs[at], slabs[at + 1]];
    if (slab?.blocks.length !== 1 || above === undefined || below === undefined) return false;
    return Math.min(distance(above, slab), distance(slab, below)) > minHeadStep * size;
  };
  const places = Array.from({ length: columns.to - columns.from }, (_, i) => columns.from + i);
  const heads = places.filter(isHead);
  if (heads.length === 0) return columns;
  const others = places.filter((at) => !isHead(at)).flatMap((at) => slabs[at]?.blocks ?? []);
  if (!isProse(others, size, minProseWidth)) return columns;
  const gaps = gapsOf(others).filter(({ left, right }) => left > -Infinity && right < Infinity && right - left >= size);
  const crosses = ({ left, right }: Block): boolean => gaps.some((gap) => left < gap.left && right > gap.right);
  const head = heads.find((at) => slabs[at]?.blocks.some(crosses));
  return head === undefined ? columns : sidesOf(slabs, { ...columns.gutter, from: columns.from, to: head }, size);
}

function kindOf({ left, right }: Columns, size: number, minProseWidth: number): 'columns' | 'table' | 'neither' {
  if (Math.min(left.length, right.length) < minRows && !hasGroup(left) && !hasGroup(right)) return 'neither';
  const [leftBeside, rightBeside] = [rowsOf(beside(left, right)), rowsOf(beside(right, left))];
  if (Math.min(rowCount(leftBeside), rowCount(rightBeside)) < minRows) return 'neither';
  const areCells = !hasGroup(left) && !hasGroup(right) && isTable(leftBeside, rightBeside);
  if (isProse(left, size, minProseWidth) && isProse(right, size, minProseWidth))
    return areCells && isSparse(left, right, size) ? 'table' : 'columns';
  const widest = (side: readonly Block[]): number => side.reduce((most, block) => Math.max(most, width(block)), 0);
  if (Math.min(widest(left), widest(right)) < minSideWidth * size) return 'neither';
  return areCells ? 'table' : 'columns';
}

function hasGroup(blocks: readonly Block[]): boolean {
  return blocks.some(({ members }) => members.length > 1);
}

/** The blocks of one side that have the other side's beside them. */
function beside(side: readonly Block[], other: readonly Block[]): Block[] {
  const { top, bottom } = bounds(other);
  return side.filter((block) => block.bottom > top && block.top < bottom);
}

/** A block of several lines counts as many. */
function rowCount(rows: readonly Block[][]): number {
  return rows.reduce((sum, row) => sum + Math.max(...row.map(({ members }) => members.length)), 0);
}

/** Whether the parts of a side, between its own gutters, are filled by long lines. Parts of one or two lines do not count. */
function isProse(side: readonly Block[], size: number, minProseWidth: number): boolean {
  const parts = partsOf(side, size).filter((part) => part.length >= minRows);
  const isFilled = (part: readonly Block[]): boolean => {
    const { left, right } = bounds(part);
    return right - left >= minProseWidth * size && median(part.map(width)) >= minFill * (right - left);
  };
  return parts.length > 0 && parts.every(isFilled);
}

/**
 * Whether many cells of level rows are empty. Columns of text have a line in nearly each row. A column that stands half a row lower makes
 * no rows of its own, because slabs do not overlap.
 */
function isSparse(left: readonly Block[], right: readonly Block[], size: number): boolean {
  const blocks = [...beside(left, right), ...beside(right, left)];
  const columnCount = partsOf(blocks, size).length;
  return blocks.length < (columnCount > 2 ? maxFilled : maxFilledOfTwo) * slabsOf(blocks).length * columnCount;
}

/** Of the places in all rows. The last of three columns of text may be half empty. */
const maxFilled = 0.8;
/** Paragraphs of three lines with an empty row between them fill 0.75, which would be a table of two columns. */
const maxFilledOfTwo = 0.6;

/** A side, cut at its own gutters. */
function partsOf(side: readonly Block[], size: number): Block[][] {
  const gaps = gapsOf(side).filter(({ left, right }) => left > -Infinity && right < Infinity && right - left >= size);
  const edges = [-Infinity, ...gaps.map(({ left }) => left)];
  return edges.map((edge, i) => side.filter(({ left }) => left >= edge && left < (edges[i + 1] ?? Infinity)));
}
