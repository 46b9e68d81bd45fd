import type { Size } from '../image/image.js';
import { z } from '../values/check.js';

/** Schema of the input of a network for text lines: "3, height, width". */
export const imageShape = (defaultShape: string) =>
  z
    .string()
    .regex(/^\s*3\s*,\s*\d+\s*,\s*\d+\s*$/, { message: 'must be "3, height, width"', abort: true })
    .refine((shape) => {
      const { height, width } = parseShape(shape);
      return height >= minSide && height <= maxHeight && width >= minSide && width <= maxWidth;
    }, `must be "3, height, width" with a height of ${minSide} to ${maxHeight} and a width of ${minSide} to ${maxWidth}`)
    .default(defaultShape);

/** Parses "3, 48, 320" to `{ height: 48, width: 320 }`. */
export function parseShape(shape: string): Size {
  const [, height = 0, width = 0] = shape.split(',').map(Number);
  return { height, width };
}

/*
 * Limits in pixels. Published networks have 32 x 320, 48 x 192 and 80 x 160. A letter needs a height of 8, and 3200 is
 * the maximum width of a line in PaddleOCR 3. A height of 0 would divide by zero; a huge one would exhaust memory.
 */
const minSide = 8;
const maxHeight = 640;
const maxWidth = 3200;
