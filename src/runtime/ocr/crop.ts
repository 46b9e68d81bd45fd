import { distance, type Quad } from '../geometry/point.js';
import type { Image } from '../image/image.js';
import { rotate90Ccw } from '../image/rotate.js';
import { warpPerspective } from '../image/warp.js';

/**
 * The text line in a box, straightened; a tall one is turned a quarter counter-clockwise: `get_rotate_crop_image` of
 * PaddleOCR (tools/infer/utility.py).
 */
export function cropLine(image: Image, box: Quad): Image {
  const [a, b, c, d] = box;
  const width = Math.floor(Math.max(distance(a, b), distance(c, d)));
  const height = Math.floor(Math.max(distance(a, d), distance(b, c)));
  const line = warpPerspective(image, box, width, height);
  return height / width >= tallAspect ? rotate90Ccw(line) : line;
}

/** Height to width from which a line is taken to be written from top to bottom. */
const tallAspect = 1.5;
