import { distance, type Quad } from '../geometry/point.js';
import { minTallAspect } from '../geometry/tall.js';
import type { Image, Size } from '../image/image.js';
import { rotate90Ccw } from '../image/rotate.js';
import { straighten } from '../image/straighten.js';
import { isUpright, warpPerspective } from '../image/warp.js';
import type { SystemParams } from './params.js';

/**
 * The text line in a box, straightened; a tall one is turned a quarter counter-clockwise: `get_rotate_crop_image` of
 * PaddleOCR (tools/infer/utility.py).
 */
export function cropLine(image: Image, box: Quad): Image {
  const { width, height } = sizeOf(box);
  const line = warpPerspective(image, box, width, height);
  return isTall({ width, height }) ? rotate90Ccw(line) : line;
}

/**
 * How to cut out the lines of a page for a recognizer of a given line height. With `crop_once` a tilted line is cut out
 * at that height. With `use_angle_cls` it is not, because the classifier needs another height; nor for a recognizer that
 * names no height.
 */
export function lineCropper(params: CropParams, height: number | undefined): typeof cropLine {
  if (height === undefined || !params.crop_once || params.use_angle_cls) return cropLine;
  const limits = { height, width: params.rec_max_width };
  return (image, box) => cropLineAt(image, box, limits);
}

type CropParams = Pick<SystemParams, 'crop_once' | 'use_angle_cls' | 'rec_max_width'>;

/**
 * Like `cropLine`, but cuts a tilted line out at `height` in one step, which takes half the time of cutting and resizing.
 * Upright lines are plain copies of their own size. So are lines that would become wider than `width`, or more than four
 * times as large: this bounds the memory that the lines of a page take.
 */
export function cropLineAt(image: Image, box: Quad, { height, width }: Size): Image {
  const own = sizeOf(box);
  if (isUpright(image, box, own.width, own.height)) return cropLine(image, box);
  const tall = isTall(own);
  const wide = Math.ceil(height * (tall ? own.height / own.width : own.width / own.height));
  if (wide > width || wide * height > maxEnlargement * own.width * own.height) return cropLine(image, box);
  if (!tall) return straighten(image, box, own, { width: wide, height });
  return rotate90Ccw(straighten(image, box, own, { width: height, height: wide }));
}

/** Ratio of pixels: print of 24 px is enlarged to 48; smaller print is rare. */
const maxEnlargement = 4;

/** The text in a box, straightened and never turned a quarter. */
export function cropStanding(image: Image, box: Quad): Image {
  const { width, height } = sizeOf(box);
  return warpPerspective(image, box, width, height);
}

/** Width and height that a box has when it is cut out. */
export function sizeOf([a, b, c, d]: Quad): Size {
  return {
    width: Math.floor(Math.max(distance(a, b), distance(c, d))),
    height: Math.floor(Math.max(distance(a, d), distance(b, c))),
  };
}

/** Whether the line in a box of this size is turned a quarter before it is read. */
export function isTall({ width, height }: Size): boolean {
  return height / width >= minTallAspect;
}
