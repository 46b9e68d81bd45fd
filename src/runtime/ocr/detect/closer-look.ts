import type { Quad } from '../../geometry/point.js';
import type { Size } from '../../image/image.js';
import type { Region } from '../../image/resize.js';
import { holdsMiddle, withLargeLines } from './large-lines.js';
import type { DetectorParams } from './params.js';
import { ceilToMultiple, floorSide, floorToMultiple, sideMultiple, toMultiple } from './resize-rule.js';
import { sliceStarts, type SlicePlan } from './slices.js';
import type { ProbabilityMap } from './db-postprocess.js';
import type { SmallPrint } from './small-print.js';

/** How to look at a part of a picture at a larger scale. */
export interface CloserLook extends SlicePlan {
  /** The size of the whole picture at that scale. */
  readonly whole: Size;
  /** The part of it that is looked at. Its sides are multiples of 32. */
  readonly part: Region;
}

export type CloserLookRule = Pick<DetectorParams, 'det_max_side_limit' | 'det_max_pixels'>;

/**
 * Plans a closer look at small print. No picture is enlarged, so a map that shows the picture nearly as large as it is
 * gives none: letters that are too small there cannot be read either.
 *
 * A look costs at most as much as a page may: its map has at most about as many pixels as a square of
 * `det_max_side_limit`, and no slice has more than `det_max_pixels`.
 */
export function planCloserLook(
  map: ProbabilityMap,
  { area, enlarge, minEnlarge }: SmallPrint,
  image: Size,
  { det_max_side_limit: maxSide, det_max_pixels: maxPixels }: CloserLookRule,
): CloserLook | undefined {
  const { x: left, y: top, whole: before } = map.part ?? { x: 0, y: 0, whole: map };
  const most = Math.min(image.width / before.width, image.height / before.height);
  const affordable = maxSide / Math.sqrt(area.width * area.height);
  const by = Math.min(enlarge, most, affordable);
  if (by < minEnlarge) return undefined;
  const whole = { width: toMultiple(before.width * by), height: toMultiple(before.height * by) };
  const columns = spanOf(left + area.x, area.width, whole.width / before.width, whole.width);
  const rows = spanOf(top + area.y, area.height, whole.height / before.height, whole.height);
  const limit = Math.min(sliceSide, floorSide(Math.min(maxSide, Math.sqrt(maxPixels))));
  const across = slicesOf(columns.length, limit);
  const down = slicesOf(rows.length, limit);
  return {
    whole,
    part: { x: columns.start, y: rows.start, width: columns.length, height: rows.length },
    size: { width: columns.length, height: rows.length },
    slices: down.starts.flatMap((y) =>
      across.starts.map((x): Region => ({ x, y, width: across.length, height: down.length })),
    ),
  };
}

/**
 * The boxes of a picture with those of a closer look at a part of it. Boxes of the first look stay if they reach out of the
 * part, or if their letters are too large for the closer look.
 */
export function withCloserLook(boxes: readonly Quad[], closer: readonly Quad[], plan: CloserLook, image: Size): Quad[] {
  const { part, whole } = plan;
  const [x, y] = [image.width / whole.width, image.height / whole.height];
  const isInside = (box: Quad): boolean =>
    box.every(
      ([left, top]) =>
        left >= part.x * x - 1 &&
        left <= (part.x + part.width) * x + 1 &&
        top >= part.y * y - 1 &&
        top <= (part.y + part.height) * y + 1,
    );
  const outside = boxes.filter((box) => !isInside(box));
  const found = closer.filter((box) => !outside.some((other) => holdsMiddle(other, box)));
  return [...outside, ...withLargeLines(found, boxes.filter(isInside), 1 / x)];
}

/** Start and length at the larger scale, rounded outward to multiples of 32. */
function spanOf(start: number, length: number, by: number, whole: number): { start: number; length: number } {
  const from = floorToMultiple(start * by);
  const to = Math.min(whole, ceilToMultiple((start + length) * by));
  return { start: from, length: Math.max(to - from, sideMultiple) };
}

/** The fewest slices not longer than `limit` that cover `total`, as short as they can be. */
function slicesOf(total: number, limit: number): { starts: number[]; length: number } {
  if (total <= limit) return { starts: [0], length: total };
  const shared = Math.min(overlap, floorToMultiple(limit / 2));
  const count = Math.ceil((total - shared) / (limit - shared));
  const length = Math.min(limit, ceilToMultiple((total + (count - 1) * shared) / count));
  return { starts: sliceStarts(total, length, shared), length };
}

/** Map pixels: a slice needs as much memory as the map of a square page. */
const sliceSide = 960;

/** Map pixels that neighbors share. */
const overlap = 128;
