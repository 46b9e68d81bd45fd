import { findContours } from '../../geometry/contours.js';
import { minAreaRect } from '../../geometry/min-area-rect.js';
import { distance, orderByReading, orderQuad, type Point, type Quad } from '../../geometry/point.js';
import { polygonMean } from '../../geometry/polygon-mean.js';
import { unclip } from '../../geometry/unclip.js';
import type { Size } from '../../image/image.js';
import { roundHalfEven } from '../../image/resize.js';
import type { DetectorParams } from './params.js';

/** The detector's output: the probability of each pixel to be text. */
export interface ProbabilityMap extends Size {
  readonly data: Float32Array;
  /** Number of maps that it was stitched from. */
  readonly slices?: number;
  /** Where it lies in the map of the whole picture, of which it is a part. */
  readonly part?: { readonly x: number; readonly y: number; readonly whole: Size };
}

export interface ScoredBox {
  /** Whole source pixels, 0 to width and 0 to height inclusive. */
  readonly box: Quad;
  /** Mean probability inside the box before it grew. */
  readonly score: number;
}

export type DbParams = Pick<
  DetectorParams,
  | 'det_db_thresh'
  | 'det_db_box_thresh'
  | 'det_db_unclip_ratio'
  | 'use_dilation'
  | 'det_db_score_mode'
  | 'det_whole_pixels'
>;

/** The borders of everything in a map that may be text. */
export function textContours(map: ProbabilityMap, params: DbParams): Point[][] {
  const mask = textMask(map, params.det_db_thresh);
  return findContours(params.use_dilation ? dilate(mask, map) : mask, map.width, map.height);
}

/** Boxes of a probability map, in source pixels and contour order: DBPostProcess of PaddleOCR (db_postprocess.py). */
export function boxesFromMap(
  map: ProbabilityMap,
  source: Size,
  params: DbParams,
  contours: readonly (readonly Point[])[] = textContours(map, params),
): ScoredBox[] {
  return contours
    .slice(0, maxCandidates * (map.slices ?? 1))
    .flatMap((contour) => boxFromContour(contour, map, source, params) ?? []);
}

/**
 * Orders each box's corners, clips them to the picture and drops tiny boxes: `filter_tag_det_res` of PaddleOCR, which
 * orders by `sums`.
 */
export function filterBoxes(
  boxes: readonly Quad[],
  { width, height }: Size,
  order: DetectorParams['det_corner_order'],
): Quad[] {
  const ordered = order === 'sums' ? orderQuad : orderByReading;
  const clip = ([x, y]: Point): Point => [clamp(x, width), clamp(y, height)];
  return boxes
    .map((box): Quad => {
      const [a, b, c, d] = ordered(box);
      return [clip(a), clip(b), clip(c), clip(d)];
    })
    .filter(([a, b, , d]) => Math.floor(distance(a, b)) > minBoxSide && Math.floor(distance(a, d)) > minBoxSide);
}

/** 1 where the probability is above the threshold, strictly. */
export function textMask({ data }: ProbabilityMap, threshold: number): Uint8Array {
  // numpy compares the float32 map with the threshold as float32.
  const limit = Math.fround(threshold);
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) mask[i] = (data[i] ?? 0) > limit ? 1 : 0;
  return mask;
}

/** Maximum of contours per picture or slice: `max_candidates` of PaddleOCR's TextDetector. */
const maxCandidates = 1000;
/** Minimum of the shorter side in map pixels before growing; two more after. `min_size` of DBPostProcess. */
const minSide = 3;

function boxFromContour(
  contour: readonly Point[],
  map: ProbabilityMap,
  source: Size,
  params: DbParams,
): ScoredBox | undefined {
  const tight = minAreaRect(contour);
  if (tight === undefined || tight.shortSide < minSide) return undefined;
  const scored = params.det_db_score_mode === 'fast' ? tight.corners : contour;
  const score = polygonMean(map.data, map.width, map.height, scored);
  if (score < params.det_db_box_thresh) return undefined;
  const [grown, ...more] = unclip(tight.corners, params.det_db_unclip_ratio);
  if (grown === undefined || more.length > 0) return undefined;
  const wide = minAreaRect(grown);
  if (wide === undefined || wide.shortSide < minSide + 2) return undefined;
  const corners = params.det_whole_pixels ? withWholePixels(wide.corners) : wide.corners;
  return { box: toSource(corners, map, source), score };
}

/**
 * A rectangle between the middles of its outermost pixels, with the whole of these pixels. Contours run through pixels and have
 * their column and row; pixel 3 reaches from 3 to 4.
 */
function withWholePixels([a, b, c, d]: Quad): Quad {
  const [along, down] = [distance(a, b), distance(a, d)];
  const [ux, uy] = [(b[0] - a[0]) / (2 * along), (b[1] - a[1]) / (2 * along)];
  const [vx, vy] = [(d[0] - a[0]) / (2 * down), (d[1] - a[1]) / (2 * down)];
  const moved = ([x, y]: Point, u: 1 | -1, v: 1 | -1): Point => [x + 0.5 + u * ux + v * vx, y + 0.5 + u * uy + v * vy];
  return [moved(a, -1, -1), moved(b, 1, -1), moved(c, 1, 1), moved(d, -1, 1)];
}

/** In float32 as numpy computes it, halves to even. */
function toSource(corners: Quad, map: ProbabilityMap, source: Size): Quad {
  const { x: left, y: top, whole } = map.part ?? { x: 0, y: 0, whole: map };
  const scale = (value: number, from: number, to: number): number =>
    Math.min(Math.max(roundHalfEven(Math.fround(Math.fround(value / from) * to)), 0), to);
  const [a, b, c, d] = corners;
  const moved = ([x, y]: Point): Point => [
    scale(x + left, whole.width, source.width),
    scale(y + top, whole.height, source.height),
  ];
  return [moved(a), moved(b), moved(c), moved(d)];
}

/** Dilates with a 2 x 2 kernel; its anchor in OpenCV is the lower right pixel. */
function dilate(mask: Uint8Array, { width, height }: Size): Uint8Array {
  const grown = Uint8Array.from(mask);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] !== 1) continue;
      const right = x + 1 < width;
      const below = y + 1 < height;
      if (right) grown[y * width + x + 1] = 1;
      if (below) grown[(y + 1) * width + x] = 1;
      if (right && below) grown[(y + 1) * width + x + 1] = 1;
    }
  }
  return grown;
}

/** Pixels: boxes with a shorter or equal side are dropped. */
const minBoxSide = 3;

function clamp(value: number, length: number): number {
  return Math.trunc(Math.min(Math.max(value, 0), length - 1));
}
