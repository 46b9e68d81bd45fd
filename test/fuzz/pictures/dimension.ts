import type { Random } from '../random.js';

/** A width or a height: common, on the limit of 64 megapixels, or absurd. */
export function setDimension(random: Random): number {
  return random.pick([0, 1, 2, 63, 8000, 8001, 30_000, 65_535, 1_000_000, 64_000_000, 0x7fffffff, random.edge() >>> 0]);
}
