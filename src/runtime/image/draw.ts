import type { Point } from '../geometry/point.js';
import { encodePng } from './encode.js';
import type { Image } from './image.js';

/** Outlines on a copy of a picture, as a PNG file. Lines are as thick as they must be to be seen at that size. */
export async function outlinesToPng(image: Image, outlines: readonly (readonly Point[])[]): Promise<Uint8Array> {
  const { width, height } = image;
  const data = Uint8Array.from(image.data);
  const thickness = Math.max(1, Math.round(Math.max(width, height) / 600));
  for (const corners of outlines) {
    corners.forEach((from, i) =>
      drawLineInPlace({ width, height, data }, from, corners[(i + 1) % corners.length] ?? from, thickness),
    );
  }
  return encodePng({ width, height, data });
}

const red = [224, 49, 49] as const;

function drawLineInPlace(image: Image, [x0, y0]: Point, [x1, y1]: Point, thickness: number): void {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(x0 + ((x1 - x0) * step) / steps);
    const y = Math.round(y0 + ((y1 - y0) * step) / steps);
    drawDotInPlace(image, x, y, thickness);
  }
}

function drawDotInPlace({ width, height, data }: Image, x: number, y: number, size: number): void {
  const [left, top] = [x - (size >> 1), y - (size >> 1)];
  for (let row = Math.max(0, top); row < Math.min(height, top + size); row++) {
    for (let column = Math.max(0, left); column < Math.min(width, left + size); column++) {
      data.set(red, (row * width + column) * 3);
    }
  }
}
