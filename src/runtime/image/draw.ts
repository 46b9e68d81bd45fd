import type { Point } from '../geometry/point.js';
import { openPicture } from './decode.js';
import type { Size } from './image.js';

/**
 * Draws outlines on a copy of a picture. Answers a PNG file, turned upright as the picture's EXIF orientation says. The
 * outlines are thick enough to be seen when the whole copy is shown on a screen.
 *
 * @param bytes a picture file
 * @param outlines corners in pixels of the upright picture; a corner outside is moved to the border
 * @throws OcrHubError `image_unreadable`, `image_too_large`
 */
export async function drawOutlines(bytes: Uint8Array, outlines: readonly (readonly Point[])[]): Promise<Uint8Array> {
  const { picture, size } = await openPicture(bytes);
  // Drawn here and not as SVG: libvips' SVG loader would be open to every picture of the process from then on.
  const input = outlined(size, outlines);
  const drawn = outlines.length === 0 ? picture : picture.composite([{ input, raw: { ...size, channels: 4 } }]);
  return drawn.toColourspace('srgb').removeAlpha().png().toBuffer();
}

const red = Buffer.from([0xe0, 0x31, 0x31, 0xff]);

/** The outlines as a transparent picture, 4 bytes a pixel. */
function outlined(size: Size, outlines: readonly (readonly Point[])[]): Buffer {
  const pixels = Buffer.alloc(size.width * size.height * red.length);
  const thickness = Math.max(1, Math.round(Math.max(size.width, size.height) / 600));
  for (const corners of outlines) {
    corners.forEach((corner, i) => {
      drawLine(pixels, size, thickness, corner, corners[(i + 1) % corners.length] ?? corner);
    });
  }
  return pixels;
}

function drawLine(pixels: Buffer, size: Size, thickness: number, from: Point, to: Point): void {
  const [startX, startY] = inside(from, size);
  const [endX, endY] = inside(to, size);
  const steps = Math.max(Math.abs(endX - startX), Math.abs(endY - startY), 1);
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(startX + ((endX - startX) * step) / steps);
    const y = Math.round(startY + ((endY - startY) * step) / steps);
    drawDot(pixels, size, thickness, [x, y]);
  }
}

function drawDot(pixels: Buffer, { width, height }: Size, thickness: number, [x, y]: Point): void {
  const [left, top] = [x - Math.floor(thickness / 2), y - Math.floor(thickness / 2)];
  const [from, to] = [Math.max(left, 0), Math.min(left + thickness, width)];
  for (let row = Math.max(top, 0); row < Math.min(top + thickness, height); row++)
    pixels.fill(red, (row * width + from) * red.length, (row * width + to) * red.length);
}

/** Also keeps an absurd number in a server's answer from taking hours to draw. */
function inside([x, y]: Point, { width, height }: Size): Point {
  return [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
}
