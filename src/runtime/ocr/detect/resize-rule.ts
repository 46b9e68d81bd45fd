import { blankImage, type Image, type Size } from '../../image/image.js';
import { roundHalfEven } from '../../image/resize.js';
import { normalization } from '../../image/tensor.js';
import type { DetectorParams } from './params.js';

/** The parameters by which a picture is resized for the detector. */
export type SizeRule = Pick<
  DetectorParams,
  'det_limit_side_len' | 'det_limit_type' | 'det_max_side_limit' | 'det_max_pixels'
>;

/**
 * The size at which the detector looks at a picture: DetResizeForTest of PaddleOCR (ppocr/data/imaug/operators.py).
 * Sides are multiples of 32, rounded to the nearest with halves to even, as Python does; the aspect ratio may change.
 * A larger result is scaled down to at most `det_max_pixels`; the original has no such limit.
 */
export function detectorSize({ width, height }: Size, params: SizeRule): Size {
  const ratio = resizeRatio(width, height, params);
  const size = { width: Math.floor(width * ratio), height: Math.floor(height * ratio) };
  const bounded = boundLonger(size, params.det_max_side_limit);
  const rounded = { width: toMultiple(bounded.width), height: toMultiple(bounded.height) };
  if (rounded.width * rounded.height <= params.det_max_pixels) return rounded;
  const less = Math.min(1, Math.sqrt(params.det_max_pixels / (bounded.width * bounded.height)));
  return { width: floorSide(bounded.width * less), height: floorSide(bounded.height * less) };
}

/** The factor between the picture and the detector's input, before sides are rounded. */
export function detectorScale({ width, height }: Size, params: SizeRule): number {
  return Math.min(
    resizeRatio(width, height, params),
    params.det_max_side_limit / Math.max(width, height),
    Math.sqrt(params.det_max_pixels / (width * height)),
  );
}

/** Pictures whose sides add up to less than 64 get black pixels at the right and below, up to 32 (pull/7462). */
export function padTiny(image: Image): Image {
  if (image.width + image.height >= tinySides) return image;
  const padded = blankImage(Math.max(image.width, sideMultiple), Math.max(image.height, sideMultiple));
  for (let y = 0; y < image.height; y++) {
    padded.data.set(image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3), y * padded.width * 3);
  }
  return padded;
}

const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

/**
 * (value / 255 - mean) / deviation in float32; ImageNet's figures in the order R, G, B, applied to B, G, R as they
 * stand.
 */
export const detectorNormalization = normalization((value, channel) => {
  const scaled = Math.fround(value * Math.fround(1 / 255));
  return Math.fround(scaled - Math.fround(mean[channel] ?? 0)) / Math.fround(deviation[channel] ?? 1);
});

/** The network's sides are multiples of it. */
export const sideMultiple = 32;

/** The nearest multiple of 32, halves to even; at least 32. */
export function toMultiple(side: number): number {
  return Math.max(roundHalfEven(side / sideMultiple) * sideMultiple, sideMultiple);
}

/** The multiple of 32 that is not below it. */
export function ceilToMultiple(side: number): number {
  return Math.ceil(side / sideMultiple) * sideMultiple;
}

/** The multiple of 32 that is not above it. */
export function floorToMultiple(side: number): number {
  return Math.floor(side / sideMultiple) * sideMultiple;
}

/**
 * The multiple of 32 not above it, at least 32. A strip of 32 x `det_max_side_limit` is 128,000 px, the minimum of
 * `det_max_pixels`.
 */
export function floorSide(side: number): number {
  return Math.max(floorToMultiple(side), sideMultiple);
}

/** A picture is tiny if its sides add up to less. */
const tinySides = 64;

function resizeRatio(
  width: number,
  height: number,
  { det_limit_side_len: limit, det_limit_type: type }: SizeRule,
): number {
  const longer = Math.max(width, height);
  const shorter = Math.min(width, height);
  switch (type) {
    case 'max':
      return longer > limit ? limit / longer : 1;
    case 'min':
      return shorter < limit ? limit / shorter : 1;
    case 'resize_long':
      return limit / longer;
  }
}

function boundLonger({ width, height }: Size, maxSide: number): Size {
  const longer = Math.max(width, height);
  if (longer <= maxSide) return { width, height };
  const ratio = maxSide / longer;
  return { width: Math.floor(width * ratio), height: Math.floor(height * ratio) };
}
