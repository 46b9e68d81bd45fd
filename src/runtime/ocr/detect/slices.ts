import type { Size } from '../../image/image.js';
import type { Region } from '../../image/resize.js';
import { detectorScale, floorSide, floorToMultiple, sideMultiple, toMultiple, type SizeRule } from './resize-rule.js';
import type { DetectorParams } from './params.js';

/** How a long strip is looked at: at the scale that suits its shorter side, in slices along its longer side. */
export interface SlicePlan {
  /** The size of the whole strip as the detector sees it, and so of the stitched map. */
  readonly size: Size;
  /** Whether the strip runs from top to bottom. */
  readonly tall: boolean;
  /** From left to right or from top to bottom, all of one size, neighbours overlapping. */
  readonly slices: readonly Region[];
}

/**
 * How to slice a picture; undefined for one that the detector sees well enough as a whole.
 *
 * The detector shrinks a picture until its longer side fits, which shrinks a strip more than a page of the same width,
 * as many times as it is longer. Beyond `mostShrink` times it is sliced. So a sliced picture has that aspect ratio at
 * least, and with `max` a longer side of more than `mostShrink * det_limit_side_len`.
 *
 * A strip costs what a page may cost and no more: its map holds about as many pixels as a square of
 * `det_max_side_limit` at most, and no slice has a longer side than that, nor more pixels than `det_max_pixels`.
 */
export function planSlices(image: Size, params: SizeRule & Pick<DetectorParams, 'det_slice'>): SlicePlan | undefined {
  if (!params.det_slice) return undefined;
  const tall = image.height > image.width;
  const [longer, shorter] = tall ? [image.height, image.width] : [image.width, image.height];
  const whole = detectorScale(image, params);
  // A strip is not enlarged for being narrow: its letters are as large as those of a page.
  const own = Math.min(detectorScale({ width: shorter, height: shorter }, params), Math.max(whole, 1));
  const scale = Math.min(own, affordableScale(longer, shorter, params.det_max_side_limit ** 2));
  if (scale <= whole * mostShrink || shorter * scale < leastHeight) return undefined;
  const along = toMultiple(longer * scale);
  const across = toMultiple(shorter * scale);
  const wanted = Math.max(toMultiple(params.det_limit_side_len), across, leastLength);
  const longest = Math.min(params.det_max_side_limit, params.det_max_pixels / across);
  const length = Math.min(wanted, along, floorSide(longest));
  const shared = Math.min(overlap, floorToMultiple(length / 2));
  return {
    size: tall ? { width: across, height: along } : { width: along, height: across },
    tall,
    slices: sliceStarts(along, length, shared).map((start): Region =>
      tall ? { x: 0, y: start, width: across, height: length } : { x: start, y: 0, width: length, height: across },
    ),
  };
}

/**
 * Where slices of `length` begin so that they cover `total` and lie evenly, each sharing at least `overlap` with the
 * next, all in map pixels. All four are multiples of 32, so that the network's grid lies on the same pixels in both.
 */
export function sliceStarts(total: number, length: number, overlap: number): number[] {
  if (total <= length) return [0];
  const steps = Math.ceil((total - length) / (length - overlap));
  return Array.from({ length: steps + 1 }, (_, i) => floorToMultiple((i * (total - length)) / steps));
}

/** The scale at which a strip's map holds `pixels`; sides below 32 cost as much as 32. */
function affordableScale(longer: number, shorter: number, pixels: number): number {
  return Math.min(Math.sqrt(pixels / longer / shorter), pixels / longer / sideMultiple);
}

/**
 * Times that a strip may be shrunk more than a page as wide as itself. `node bench/run.js strips letters`: all lines of
 * 14 px letters, the smallest that screens use for text, are read at 2.4, and a sixth is lost at 3.
 */
const mostShrink = 2.4;

/**
 * Map pixels that neighbours share at least, or half of what a shorter slice has. `node bench/run.js strips seams`: from
 * 192 on the boxes are those of the strip seen as a whole; a third more is for large letters.
 */
const overlap = 256;

/**
 * Map pixels across a strip below which it holds no text: 14 px letters shrunk `mostShrink` times are 6 high, and a
 * line of them is a third higher.
 */
const leastHeight = 8;

/**
 * Map pixels: shorter slices would be mostly overlap; only `det_max_side_limit` and `det_max_pixels` make them shorter.
 */
const leastLength = 640;
