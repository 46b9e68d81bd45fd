import type { Region } from '../../image/resize.js';
import type { ProbabilityMap } from './db-postprocess.js';
import type { SlicePlan } from './slices.js';

/**
 * Joins the maps of slices into one, so that boxes are searched once and no line is cut, lost or found twice at
 * a seam. Near its cut edges a slice sees only half of a line, so its weight is 0 there; over the middle of an overlap
 * the weight passes from one slice to the next.
 *
 * @param mapOf the map of a slice, at the slice's size; called for one slice after the other.
 */
export async function stitchSlices(
  { size, slices }: SlicePlan,
  mapOf: (slice: Region) => Promise<Float32Array>,
): Promise<ProbabilityMap> {
  const map = { ...size, data: new Float32Array(size.width * size.height), slices: slices.length };
  const columns = sharesByStart(slices.map(({ x, width }): Range => [x, x + width]));
  const rows = sharesByStart(slices.map(({ y, height }): Range => [y, y + height]));
  for (const slice of slices) addShares(map, slice, await mapOf(slice), columns.get(slice.x), rows.get(slice.y));
  return map;
}

/** Map pixels along one axis: the first, and the one after the last. */
type Range = readonly [from: number, to: number];

/** The weights of slices along one axis, by where they begin. */
function sharesByStart(all: readonly Range[]): Map<number, Float32Array> {
  const ranges = [...new Map(all.map((range) => [range[0], range])).values()].toSorted(([a], [b]) => a - b);
  return new Map(ranges.map((range, i) => [range[0], sharesOf(range, ranges[i - 1], ranges[i + 1])]));
}

/** The weight of a slice at each of its pixels along an axis, 0 to 1; the neighbors' weights add up to the rest. */
function sharesOf([from, to]: Range, before: Range | undefined, after: Range | undefined): Float32Array {
  return Float32Array.from({ length: to - from }, (_, i) => {
    const entered = before === undefined ? 1 : passedOver(from + i, [from, before[1]]);
    const left = after === undefined ? 0 : passedOver(from + i, [after[0], to]);
    return entered - left;
  });
}

/** The weight of the later slice at a pixel of an overlap: 0 before its middle half, 1 after it. */
function passedOver(at: number, [from, to]: Range): number {
  const quarter = (to - from) / 4;
  return Math.min(Math.max((at + 0.5 - from - quarter) / (2 * quarter), 0), 1);
}

function addShares(
  map: ProbabilityMap,
  slice: Region,
  data: Float32Array,
  columns: Float32Array = new Float32Array(),
  rows: Float32Array = new Float32Array(),
): void {
  for (let y = 0, at = 0; y < slice.height; y++) {
    const base = (slice.y + y) * map.width + slice.x;
    const share = rows[y] ?? 0;
    for (let x = 0; x < slice.width; x++, at++)
      map.data[base + x] = (map.data[base + x] ?? 0) + (data[at] ?? 0) * (columns[x] ?? 0) * share;
  }
}
