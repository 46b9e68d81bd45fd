import type { Size } from '../../image/image.js';
import type { Region } from '../../image/resize.js';
import { detectorScale, floorSide, floorToMultiple, sideMultiple, toMultiple, type SizeRule } from './resize-rule.js';
import type { DetectorParams } from './params.js';

/** A map that is stitched from overlapping slices. */
export interface SlicePlan {
  /** The size of the stitched map. */
  readonly size: Size;
  /** All of the same size: one after the other, or rows and columns of them. Neighbors overlap. */
  readonly slices: readonly Region[];
}

/**
 * Plans to detect a long strip at the scale that suits its shorter side, in slices along its longer side; undefined for a
 * picture that is detected as a whole.
 *
 * The detector shrinks a picture until its longer side fits. A strip therefore shrinks more than a page of the same
 * width: as many times as it is longer. Beyond `maxShrink` times it is sliced. A sliced picture has at least that aspect
 * ratio and, with `max`, a longer side of more than `maxShrink * det_limit_side_len`.
 *
 * A strip costs at most as much as a page may: its map has at most about as many pixels as a square of
 * `det_max_side_limit`, no side of a slice is longer than that, and no slice has more pixels than `det_max_pixels`.
 */
export function planSlices(image: Size, params: SizeRule & Pick<DetectorParams, 'det_slice'>): SlicePlan | undefined {
  if (!params.det_slice) return undefined;
  const tall = image.height > image.width;
  const [longer, shorter] = tall ? [image.height, image.width] : [image.width, image.height];
  const whole = detectorScale(image, params);
  // A narrow strip is not enlarged: its letters are as large as those of a page.
  const own = Math.min(detectorScale({ width: shorter, height: shorter }, params), Math.max(whole, 1));
  const scale = Math.min(own, affordableScale(longer, shorter, params.det_max_side_limit ** 2));
  if (scale <= whole * maxShrink || shorter * scale < minHeight) return undefined;
  const along = toMultiple(longer * scale);
  const across = toMultiple(shorter * scale);
  const wanted = Math.max(toMultiple(params.det_limit_side_len), across, minLength);
  const longest = Math.min(params.det_max_side_limit, params.det_max_pixels / across);
  const length = Math.min(wanted, along, floorSide(longest));
  const shared = Math.min(overlap, floorToMultiple(length / 2));
  return {
    size: tall ? { width: across, height: along } : { width: along, height: across },
    slices: sliceStarts(along, length, shared).map((start): Region =>
      tall ? { x: 0, y: start, width: across, height: length } : { x: start, y: 0, width: length, height: across },
    ),
  };
}

/**
 * Start positions of slices of `length` that cover `total` evenly, each sharing at least `overlap` with the next. All in
 * map pixels. All four are multiples of 32, so that the network's grid lies on the same pixels in both.
 */
export function sliceStarts(total: number, length: number, overlap: number): number[] {
  if (total <= length) return [0];
  const steps = Math.ceil((total - length) / (length - overlap));
  return Array.from({ length: steps + 1 }, (_, i) => floorToMultiple((i * (total - length)) / steps));
}

/** The scale at which a strip's map has `pixels`; a side below 32 costs as much as one of 32. */
function affordableScale(longer: number, shorter: number, pixels: number): number {
  return Math.min(Math.sqrt(pixels / longer / shorter), pixels / longer / sideMultiple);
}

/**
 * How many times more than a page of its width a strip may shrink. `node bench/run.js strips letters`: all lines of
 * 14 px letters, the smallest that screens use for text, are read at 2.4, and a sixth is lost at 3.
 */
const maxShrink = 2.4;

/**
 * Minimum of map pixels that neighbors share, or half of a shorter slice. `node bench/run.js strips seams`: from
 * 192 on the boxes are those of the strip seen as a whole; a third more allows for large letters.
 */
const overlap = 256;

/**
 * Minimum of map pixels across a strip with text: 14 px letters shrunk `maxShrink` times are 6 high, and a
 * line of them is a third higher.
 */
const minHeight = 8;

/**
 * Map pixels: shorter slices would be mostly overlap. Only `det_max_side_limit` and `det_max_pixels` make them shorter.
 */
const minLength = 640;
