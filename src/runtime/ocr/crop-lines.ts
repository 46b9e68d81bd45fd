import { distance, type Quad } from '../geometry/point.js';
import type { Image, Size } from '../image/image.js';
import { rotate90Ccw } from '../image/rotate.js';
import { straighten } from '../image/straighten.js';
import { isUpright, warpPerspective } from '../image/warp.js';
import { parseShape } from './recognize/line-tensor.js';
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
 * How the lines of a page are cut out for a recogniser that resizes them to `rec_image_shape`: at once with
 * `crop_once`, but at their own size where the classifier sees them too, whose height is another.
 */
export function lineCropper({ crop_once: once, use_angle_cls: classified, ...params }: CropParams): typeof cropLine {
  if (!once || classified) return cropLine;
  const limits = { height: parseShape(params.rec_image_shape).height, width: params.rec_max_width };
  return (image, box) => cropLineAt(image, box, limits);
}

type CropParams = Pick<SystemParams, 'crop_once' | 'use_angle_cls' | 'rec_image_shape' | 'rec_max_width'>;

/**
 * The same for whoever resizes the line to `height` anyway: a tilted one is cut out at that height at once, which takes
 * half the time of both steps. Upright ones are plain copies and come as they are; so do those that would be wider than
 * `width`, or have more than four times their pixels: the lines of a page may not take memory without bound.
 */
export function cropLineAt(image: Image, box: Quad, { height, width }: Size): Image {
  const own = sizeOf(box);
  if (isUpright(image, box, own.width, own.height)) return cropLine(image, box);
  const tall = isTall(own);
  const wide = Math.ceil(height * (tall ? own.height / own.width : own.width / own.height));
  if (wide > width || wide * height > mostEnlarged * own.width * own.height) return cropLine(image, box);
  if (!tall) return straighten(image, box, own, { width: wide, height });
  return rotate90Ccw(straighten(image, box, own, { width: height, height: wide }));
}

/** Print of 24 px is enlarged to 48; smaller is rare. */
const mostEnlarged = 4;

/** Width and height that a box has when it is cut out. */
export function sizeOf([a, b, c, d]: Quad): Size {
  return {
    width: Math.floor(Math.max(distance(a, b), distance(c, d))),
    height: Math.floor(Math.max(distance(a, d), distance(b, c))),
  };
}

/** Whether the line in a box of this size is turned a quarter before it is read. */
export function isTall({ width, height }: Size): boolean {
  return height / width >= tallAspect;
}

/** Height to width from which a line is taken to be written from top to bottom. */
const tallAspect = 1.5;
