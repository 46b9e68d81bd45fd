import type { Region } from '../../image/resize.js';
import type { ProbabilityMap } from './db-postprocess.js';
import type { SlicePlan } from './slices.js';

/**
 * Joins the maps of a strip's slices into one, so that boxes are searched once and no line is cut, lost or found twice at
 * a seam. Near its cut edges a slice sees only half of a line, so its weight is 0 there; over the middle of an overlap
 * the weight passes from one slice to the next.
 *
 * @param mapOf the map of a slice, at the slice's size; called for one slice after the other.
 */
export async function stitchSlices(
  { size, tall, slices }: SlicePlan,
  mapOf: (slice: Region) => Promise<Float32Array>,
): Promise<ProbabilityMap> {
  const map = { ...size, data: new Float32Array(size.width * size.height), slices: slices.length };
  const ranges = slices.map(({ x, y, width, height }): Range => (tall ? [y, y + height] : [x, x + width]));
  for (const [i, slice] of slices.entries()) {
    const shares = sharesOf(ranges[i] ?? [0, 0], ranges[i - 1], ranges[i + 1]);
    addShares(map, slice, await mapOf(slice), tall ? (_, y) => shares[y] ?? 0 : (x) => shares[x] ?? 0);
  }
  return map;
}

/** Map pixels along the strip: the first, and the one after the last. */
type Range = readonly [from: number, to: number];

/** The weight of a slice at each of its pixels along the strip, 0 to 1; the neighbors' weights add up to the rest. */
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
  shareAt: (x: number, y: number) => number,
): void {
  for (let y = 0, at = 0; y < slice.height; y++) {
    const base = (slice.y + y) * map.width + slice.x;
    for (let x = 0; x < slice.width; x++, at++)
      map.data[base + x] = (map.data[base + x] ?? 0) + (data[at] ?? 0) * shareAt(x, y);
  }
}
