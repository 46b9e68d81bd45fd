import type { Part } from '../image/resize.js';
import { detectorScale, multiple, toMultiple, type Size, type SizeRule } from './detector-input.js';
import type { DetectorParams } from './params.js';

/** How a long strip is looked at: at the scale that suits its shorter side, in slices along its longer side. */
export interface SlicePlan {
  /** The size of the whole strip as the detector sees it, and so of the stitched map. */
  readonly size: Size;
  /** Whether the strip runs from top to bottom. */
  readonly tall: boolean;
  /** From left to right or from top to bottom, all of one size, neighbours overlapping. */
  readonly slices: readonly Part[];
}

/**
 * How to slice a picture; undefined for one that the detector sees well enough as a whole.
 *
 * The detector shrinks a picture until its longer side fits, which shrinks a strip more than a page of the same width,
 * as many times as it is longer. Beyond `mostShrink` times it is sliced. So a sliced picture has that aspect ratio at
 * least, and with `max` a longer side of more than `mostShrink * det_limit_side_len`.
 */
export function planSlices(image: Size, params: SizeRule & Pick<DetectorParams, 'det_slice'>): SlicePlan | undefined {
  if (!params.det_slice) return undefined;
  const tall = image.height > image.width;
  const [longer, shorter] = tall ? [image.height, image.width] : [image.width, image.height];
  const whole = detectorScale(image, params);
  // A strip is not enlarged for being narrow: its letters are as large as those of a page.
  const scale = Math.min(detectorScale({ width: shorter, height: shorter }, params), Math.max(whole, 1));
  if (scale <= whole * mostShrink) return undefined;
  const along = toMultiple(longer * scale);
  const across = toMultiple(shorter * scale);
  const length = Math.min(Math.max(toMultiple(params.det_limit_side_len), across, leastLength), along);
  return {
    size: tall ? { width: across, height: along } : { width: along, height: across },
    tall,
    slices: sliceStarts(along, length, overlap).map((start): Part =>
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
  return Array.from({ length: steps + 1 }, (_, i) => Math.floor((i * (total - length)) / multiple / steps) * multiple);
}

/**
 * Times that a strip may be shrunk more than a page as wide as itself. `bench/strips.ts letters`: all lines of 14 px
 * letters, the smallest that screens use for text, are read at 2.4, and a sixth is lost at 3.
 */
const mostShrink = 2.4;

/**
 * Map pixels that neighbours share at least. `bench/strips.ts seams`: from 192 on the boxes are those of the strip seen
 * as a whole; a third more is for large letters.
 */
const overlap = 256;

/** Map pixels: shorter slices would be mostly overlap. */
const leastLength = 640;
