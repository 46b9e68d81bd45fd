import { rowSums, type InkMap } from '../display/ink-map.js';
import type { Column } from './column.js';

/** The square of one letter of a column. */
export interface Cell {
  /** Rows of the column's picture; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  /** The rectangle of its ink; undefined if it is empty. The ends are exclusive. */
  readonly ink:
    { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number } | undefined;
}

export interface Cells {
  /** The length of a square. */
  readonly pitch: number;
  readonly cells: readonly Cell[];
  /** The first and the last of them that are in the line's box. */
  readonly first: number;
  readonly last: number;
}

/**
 * Cuts a column into the squares of its letters: all letters of vertical text, and most marks, have squares of one size. The cuts run
 * through as little ink as possible, at distances as equal as possible; of several sizes, the one with the best cuts is taken.
 */
export function cellsOf({ map, from, to }: Column): Cells {
  const size = inkWidth(map, from, to);
  const cost = cutCosts(map, size);
  const largest = size * maxPitch;
  let best = { cuts: [0, map.height], pitch: map.height, score: Infinity };
  for (let pitch = Math.min(size, map.width * usualSize) * minPitch; pitch < largest; pitch *= pitchStep) {
    const { cuts, score: own } = cutInto(pitch, cost);
    const excess = Math.max(0, pitch / size - usualPitch);
    const score = own + excessCost * excess ** 2;
    if (score < best.score) best = { cuts, pitch, score };
  }
  const { cuts, pitch } = best;
  const all = cuts.slice(1).map((end, i) => cellOf(map, cuts[i] ?? 0, end, pitch));
  return { pitch, ...withinBox(all, { from, to }, pitch) };
}

// Lengths are in widths of the ink, which is about the width of a letter.
const minPitch = 0.96;
const maxPitch = 1.4;
const pitchStep = 1.025;
/** Letters that are set wider apart are rare, and two of them may look like one. */
const usualPitch = 1.15;
const excessCost = 2;
/** Of the width of the box. Small letters beside a column make its ink wider. */
const usualSize = 0.62;

/** The columns of pixels that have ink. */
function inkWidth({ width, ink }: InkMap, from: number, to: number): number {
  const need = Math.max(1, (to - from) * minInk);
  const inked = Array.from({ length: width }, (_, x) => {
    let count = 0;
    for (let y = Math.round(from); y < to; y++) if ((ink[y * width + x] ?? 0) > 0.5) count++;
    return count >= need;
  });
  return Math.max(minInkWidth * width, inked.lastIndexOf(true) - inked.indexOf(true) + 1);
}

const minInk = 0.01;
const minInkWidth = 0.45;

/** The ink through which a cut above each row runs, in letters. */
function cutCosts(map: InkMap, size: number): Float64Array {
  const rows = rowSums(map, 0, map.width);
  return Float64Array.from({ length: map.height + 1 }, (_, y) =>
    y === 0 || y === map.height ? 0 : (inkCost * Math.min(rows[y - 1] ?? 0, rows[y] ?? 0)) / size,
  );
}

const inkCost = 4;
/** Of the square of a cell's deviation from the pitch. */
const unevenCost = 16;
/** Of the pitch. */
const maxDeviation = 0.2;

/** The best cuts at a pitch, from the first to the last one, and the mean cost of a cut. */
function cutInto(pitch: number, cost: Float64Array): { cuts: number[]; score: number } {
  const height = cost.length - 1;
  const [shortest, longest] = [
    Math.max(2, Math.round(pitch * (1 - maxDeviation))),
    Math.round(pitch * (1 + maxDeviation)),
  ];
  const total = new Float64Array(height + 1).fill(Infinity);
  const previous = new Int32Array(height + 1).fill(-1);
  for (let y = 0; y <= height; y++) {
    if (y <= longest) total[y] = cost[y] ?? 0;
    for (let length = shortest; length <= longest && length <= y; length++) {
      const sum = (total[y - length] ?? 0) + (cost[y] ?? 0) + unevenCost * (length / pitch - 1) ** 2;
      if (sum >= (total[y] ?? 0)) continue;
      total[y] = sum;
      previous[y] = y - length;
    }
  }
  let end = height;
  for (let y = Math.max(0, height - shortest); y <= height; y++) if ((total[y] ?? 0) < (total[end] ?? 0)) end = y;
  const cuts = [end];
  for (let at = previous[end] ?? -1; at >= 0; at = previous[at] ?? -1) cuts.unshift(at);
  return { cuts, score: (total[end] ?? 0) / cuts.length };
}

function cellOf({ width, ink }: InkMap, from: number, to: number, pitch: number): Cell {
  let [count, left, right, top, bottom] = [0, width, 0, to, from];
  for (let y = from; y < to; y++)
    for (let x = 0; x < width; x++) {
      if ((ink[y * width + x] ?? 0) <= stroke) continue;
      count++;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  const isEmpty = count < Math.max(4, emptyShare * pitch * pitch);
  return { from, to, ink: isEmpty ? undefined : { left, right, top, bottom } };
}

const stroke = 0.4;
const emptyShare = 0.003;

/** The cells of the line's box, and the next one at each end if it has ink. */
function withinBox(
  all: readonly Cell[],
  { from, to }: { from: number; to: number },
  pitch: number,
): Omit<Cells, 'pitch'> {
  const isInside = (cell: Cell): boolean => {
    const middle = (cell.from + cell.to) / 2;
    return middle > from - edge * pitch && middle < to + edge * pitch;
  };
  const [first, last] = [all.findIndex(isInside), all.findLastIndex(isInside)];
  if (first < 0) return { cells: [], first: 0, last: -1 };
  const start = all[first - 1]?.ink === undefined ? first : first - 1;
  const end = all[last + 1]?.ink === undefined ? last : last + 1;
  return { cells: all.slice(start, end + 1), first: first - start, last: last - start };
}

const edge = 0.3;
