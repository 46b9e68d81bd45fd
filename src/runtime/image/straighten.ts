import type { Quad } from '../geometry/point.js';
import { blankImage, type Image, type Size } from './image.js';
import { toQuadrangle } from './warp.js';

/**
 * The quadrangle straightened and resized in one step: each pixel is bilinear between the four of the picture around
 * the place that it would have had in a copy of `own` size. Outside the picture, the edge pixel counts.
 */
export function straighten(image: Image, corners: Quad, own: Size, { width, height }: Size): Image {
  const straight = blankImage(width, height);
  const [a, b, c, d, e, f, g, h] = toQuadrangle(corners, own.width, own.height);
  const scaleX = own.width / width;
  const scaleY = own.height / height;
  for (let row = 0, to = 0; row < height; row++) {
    const y = (row + 0.5) * scaleY - 0.5;
    for (let column = 0; column < width; column++, to += 3) {
      const x = (column + 0.5) * scaleX - 0.5;
      const scale = 1 / (g * x + h * y + 1);
      sample(image, (a * x + b * y + c) * scale, (d * x + e * y + f) * scale, straight.data, to);
    }
  }
  return straight;
}

/** Bits of a weight; four of them, each of two factors, and a byte fit into 32 bits. */
const bits = 8;
const one = 1 << bits;

/** Writes the pixel at (x, y) to `into`. */
function sample({ width, height, data }: Image, x: number, y: number, into: Uint8Array, to: number): void {
  const inX = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const inY = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  // The last column and row are reached from the one before; a picture of one pixel has only that.
  const left = Math.max(Math.min(Math.trunc(inX), width - 2), 0);
  const top = Math.max(Math.min(Math.trunc(inY), height - 2), 0);
  const fromLeft = Math.trunc((inX - left) * one);
  const fromTop = Math.trunc((inY - top) * one);
  const lowerRight = Math.imul(fromLeft, fromTop);
  const upperRight = (fromLeft << bits) - lowerRight;
  const lowerLeft = (fromTop << bits) - lowerRight;
  const upperLeft = one * one - upperRight - lowerLeft - lowerRight;
  const upper = (top * width + left) * 3;
  const lower = upper + (height > 1 ? width * 3 : 0);
  const right = width > 1 ? 3 : 0;
  for (let channel = 0; channel < 3; channel++) {
    const sum =
      Math.imul(data[upper + channel] ?? 0, upperLeft) +
      Math.imul(data[upper + right + channel] ?? 0, upperRight) +
      Math.imul(data[lower + channel] ?? 0, lowerLeft) +
      Math.imul(data[lower + right + channel] ?? 0, lowerRight);
    into[to + channel] = (sum + (one * one) / 2) >> (2 * bits);
  }
}
