import type { Point, Quad } from '../geometry/point.js';
import { blankImage, type Image } from './image.js';
import { roundHalfEven } from './resize.js';

/**
 * The quadrangle straightened to `width` x `height`, as OpenCV's `warpPerspective` with INTER_CUBIC and a replicated
 * border: positions to 1/32 pixel, weights of 15 bits.
 *
 * @param corners in source pixels, the top-left one of what becomes the new picture first
 */
export function warpPerspective(image: Image, corners: Quad, width: number, height: number): Image {
  if (isUpright(image, corners, width, height)) return cut(image, corners[0], width, height);
  const [a, b, c, d, e, f, g, h] = toQuadrangle(corners, width, height);
  const warped = blankImage(width, height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const scale = positionSteps / (g * x + h * y + 1);
      const sx = roundHalfEven((a * x + b * y + c) * scale);
      const sy = roundHalfEven((d * x + e * y + f) * scale);
      sample(image, sx, sy, warped.data, to);
    }
  }
  return warped;
}

/** Steps between two pixels at which the weights are tabulated: OpenCV's INTER_TAB_SIZE. */
const positionSteps = 32;
/** Weights of one sample add up to this: OpenCV's INTER_REMAP_COEF_SCALE. */
const weightScale = 1 << 15;

/** Whether the warp is a plain copy of pixels. */
export function isUpright(image: Image, corners: Quad, width: number, height: number): boolean {
  const [[x, y], [x1, y1], [x2, y2], [x3, y3]] = corners;
  const square = y1 === y && x3 === x && x1 === x + width && x2 === x1 && y3 === y + height && y2 === y3;
  const inside = x >= 0 && y >= 0 && x + width <= image.width && y + height <= image.height;
  return square && inside && Number.isInteger(x) && Number.isInteger(y);
}

function cut(image: Image, [left, top]: Point, width: number, height: number): Image {
  const part = blankImage(width, height);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    part.data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return part;
}

/** For degenerate corners, OpenCV finds no map and takes the picture's first pixel everywhere. */
const nowhere: Transform = [0, 0, 0, 0, 0, 0, 0, 0];

type Transform = readonly [number, number, number, number, number, number, number, number];

/**
 * The projective map from the rectangle (0,0)-(width,height) to the corners, closed form of Heckbert (1989):
 * x' = (ax + by + c) / (gx + hy + 1), y' = (dx + ey + f) / (gx + hy + 1).
 */
export function toQuadrangle(corners: Quad, width: number, height: number): Transform {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners;
  const dx1 = x1 - x2;
  const dy1 = y1 - y2;
  const dx2 = x3 - x2;
  const dy2 = y3 - y2;
  const sumX = x0 - x1 + x2 - x3;
  const sumY = y0 - y1 + y2 - y3;
  const determinant = dx1 * dy2 - dx2 * dy1;
  if (determinant === 0) return nowhere;
  const g = (sumX * dy2 - dx2 * sumY) / determinant;
  const h = (dx1 * sumY - sumX * dy1) / determinant;
  return [
    (x1 - x0 + g * x1) / width,
    (x3 - x0 + h * x3) / height,
    x0,
    (y1 - y0 + g * y1) / width,
    (y3 - y0 + h * y3) / height,
    y0,
    g / width,
    h / height,
  ];
}

/** Writes the pixel at (sx, sy), in 1/32 pixels, to `into`. */
function sample(image: Image, sx: number, sy: number, into: Uint8Array, to: number): void {
  const x = (sx >> 5) - 1;
  const y = (sy >> 5) - 1;
  const weights = ((sy & 31) * positionSteps + (sx & 31)) * 16;
  if (x >= 0 && y >= 0 && x + 3 < image.width && y + 3 < image.height) sampleInside(image, x, y, weights, into, to);
  else sampleAtEdge(image, x, y, weights, into, to);
}

/** The 4 x 4 pixels from (x, y) on, all of them in the picture: nearly every sample, so the loops are written out. */
function sampleInside(image: Image, x: number, y: number, weights: number, into: Uint8Array, to: number): void {
  const { data } = image;
  const stride = image.width * 3;
  let r = 0;
  let g = 0;
  let b = 0;
  for (let at = y * stride + x * 3, w = weights; w < weights + 16; at += stride, w += 4) {
    const w0 = cubicWeights[w] ?? 0;
    const w1 = cubicWeights[w + 1] ?? 0;
    const w2 = cubicWeights[w + 2] ?? 0;
    const w3 = cubicWeights[w + 3] ?? 0;
    r +=
      Math.imul(data[at] ?? 0, w0) +
      Math.imul(data[at + 3] ?? 0, w1) +
      Math.imul(data[at + 6] ?? 0, w2) +
      Math.imul(data[at + 9] ?? 0, w3);
    g +=
      Math.imul(data[at + 1] ?? 0, w0) +
      Math.imul(data[at + 4] ?? 0, w1) +
      Math.imul(data[at + 7] ?? 0, w2) +
      Math.imul(data[at + 10] ?? 0, w3);
    b +=
      Math.imul(data[at + 2] ?? 0, w0) +
      Math.imul(data[at + 5] ?? 0, w1) +
      Math.imul(data[at + 8] ?? 0, w2) +
      Math.imul(data[at + 11] ?? 0, w3);
  }
  into[to] = toByte(r);
  into[to + 1] = toByte(g);
  into[to + 2] = toByte(b);
}

/** Like `sampleInside`, for samples partly outside the picture: there the nearest edge pixel counts. */
function sampleAtEdge(image: Image, x: number, y: number, weights: number, into: Uint8Array, to: number): void {
  const { data, width, height } = image;
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    for (let i = 0; i < 16; i++) {
      const at = (clamp(y + (i >> 2), height) * width + clamp(x + (i & 3), width)) * 3 + channel;
      sum += (data[at] ?? 0) * (cubicWeights[weights + i] ?? 0);
    }
    into[to + channel] = toByte(sum);
  }
}

function clamp(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index;
}

function toByte(sum: number): number {
  const value = (sum + weightScale / 2) >> 15;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** 16 weights (4 rows of 4) for each of the 32 x 32 positions inside a pixel. */
const cubicWeights = tabulateWeights();

function tabulateWeights(): Int32Array {
  const weights = new Int32Array(positionSteps * positionSteps * 16);
  for (let fy = 0; fy < positionSteps; fy++) {
    const vertical = cubicKernel(fy / positionSteps);
    for (let fx = 0; fx < positionSteps; fx++) {
      const horizontal = cubicKernel(fx / positionSteps);
      const at = (fy * positionSteps + fx) * 16;
      vertical.forEach((v, row) =>
        horizontal.forEach((h, column) => {
          weights[at + row * 4 + column] = roundHalfEven(Math.fround(v * h) * weightScale);
        }),
      );
      correctSum(weights.subarray(at, at + 16));
    }
  }
  return weights;
}

/** The bicubic kernel with A = -0.75, as OpenCV's, for the pixels at -1, 0, 1 and 2. */
function cubicKernel(x: number): readonly number[] {
  const a = -0.75;
  const w0 = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a;
  const w1 = ((a + 2) * x - (a + 3)) * x * x + 1;
  const w2 = ((a + 2) * (1 - x) - (a + 3)) * (1 - x) * (1 - x) + 1;
  return [w0, w1, w2, 1 - w0 - w1 - w2].map(Math.fround);
}

/**
 * Rounded weights may miss the scale by a little. The rest goes, as in OpenCV, to one of the four weights from the
 * center on: to the largest when something is missing, to the smallest when there is too much.
 */
function correctSum(weights: Int32Array): void {
  const excess = weights.reduce((sum, weight) => sum + weight, 0) - weightScale;
  if (excess === 0) return;
  const center = [10, 11, 14, 15];
  const weightAt = (i: number): number => weights[i] ?? 0;
  const chosen = center.reduce((best, i) => {
    const better = excess < 0 ? weightAt(i) > weightAt(best) : weightAt(i) < weightAt(best);
    return better ? i : best;
  });
  weights[chosen] = weightAt(chosen) - excess;
}
