import type { Sharp } from 'sharp';
import type { Point } from '../geometry/point.js';
import type { Image, Size } from './image.js';
import { loadSharp } from './sharp.js';

/**
 * Draws outlines on a copy of a picture. Answers a PNG file. The outlines are thick enough to be seen when the whole copy is
 * shown on a screen.
 *
 * @param outlines corners in pixels of the picture; a corner outside is moved to the border
 */
export async function drawOutlines(image: Image, outlines: readonly (readonly Point[])[]): Promise<Uint8Array> {
  return withOutlines(open(image), image, outlines).png().toBuffer();
}

/** Maximum width and height of a preview. */
const maxPreviewSide = 2000;

/** Draws outlines on a copy of a picture that is at most 2000 pixels wide and high. Answers a JPEG file. */
export async function drawPreview(image: Image, outlines: readonly (readonly Point[])[]): Promise<Uint8Array> {
  const scale = Math.min(1, maxPreviewSide / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const scaled = outlines.map((outline) => outline.map(([x, y]): Point => [x * scale, y * scale]));
  const picture = open(image).resize(width, height, { fit: 'fill' });
  return withOutlines(picture, { width, height }, scaled).jpeg().toBuffer();
}

function open({ width, height, data }: Image): Sharp {
  return loadSharp()(data, { raw: { width, height, channels: 3 } });
}

function withOutlines(picture: Sharp, { width, height }: Size, outlines: readonly (readonly Point[])[]): Sharp {
  const size = { width, height };
  // Drawn here and not as SVG: libvips' SVG loader would be open to every picture of the process from then on.
  const input = outlined(size, outlines);
  const drawn = outlines.length === 0 ? picture : picture.composite([{ input, raw: { ...size, channels: 4 } }]);
  return drawn.toColourspace('srgb').removeAlpha();
}

/** One pixel, R G B A in the order of bytes of this machine. */
const [red = 0] = new Uint32Array(Uint8Array.of(0xe0, 0x31, 0x31, 0xff).buffer);

/** The outlines as a transparent picture, 4 bytes a pixel. */
function outlined(size: Size, outlines: readonly (readonly Point[])[]): Buffer {
  const pixels = new Uint32Array(size.width * size.height);
  const thickness = Math.max(1, Math.round(Math.max(size.width, size.height) / 600));
  for (const corners of outlines) {
    corners.forEach((corner, i) => {
      drawLine(pixels, size, thickness, corner, corners[(i + 1) % corners.length] ?? corner);
    });
  }
  return Buffer.from(pixels.buffer);
}

/** Draws a strip across the line at each pixel of its longer direction. The ends are longer by half a thickness. */
function drawLine(pixels: Uint32Array, size: Size, thickness: number, from: Point, to: Point): void {
  const [startX, startY] = inside(from, size);
  const [endX, endY] = inside(to, size);
  const [dx, dy] = [endX - startX, endY - startY];
  const steps = Math.max(Math.abs(dx), Math.abs(dy), 1);
  const half = Math.floor(thickness / 2);
  const isFlat = Math.abs(dx) >= Math.abs(dy);
  for (let step = -half; step <= steps + half; step++) {
    const x = Math.round(startX + (dx * step) / steps);
    const y = Math.round(startY + (dy * step) / steps);
    for (let i = 0; i < thickness; i++) setPixel(pixels, size, isFlat ? x : x - half + i, isFlat ? y - half + i : y);
  }
}

function setPixel(pixels: Uint32Array, { width, height }: Size, x: number, y: number): void {
  if (x >= 0 && x < width && y >= 0 && y < height) pixels[y * width + x] = red;
}

/** Also keeps an absurd number in a server's answer from taking hours to draw. */
function inside([x, y]: Point, { width, height }: Size): Point {
  return [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
}
