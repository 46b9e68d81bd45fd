import type { OverlayOptions } from 'sharp';
import type { Point } from '../geometry/point.js';
import { openPicture } from './decode.js';
import type { Size } from './image.js';
import { loadSharp } from './sharp.js';

/**
 * Draws outlines on a copy of a picture. Answers a PNG file, turned upright as the picture's EXIF orientation says. The
 * outlines are thick enough to be seen when the whole copy is shown on a screen.
 *
 * @param bytes a picture file
 * @param outlines corners in pixels of the upright picture
 * @throws OcrHubError `image_unreadable`, `image_too_large`
 */
export async function drawOutlines(bytes: Uint8Array, outlines: readonly (readonly Point[])[]): Promise<Uint8Array> {
  const { picture, size } = await openPicture(bytes);
  // Only the drawing below goes through this decoder: pictures are opened by their signature.
  (await loadSharp()).unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  return picture.composite(tiles(size, outlines)).toColourspace('srgb').removeAlpha().png().toBuffer();
}

const red = '#e03131';

/** Pixels; the SVG renderer refuses sides above 32,767. */
const maxTileSide = 16_384;

/** The outlines as transparent pictures that cover the whole picture. */
function tiles({ width, height }: Size, outlines: readonly (readonly Point[])[]): OverlayOptions[] {
  const thickness = Math.max(1, Math.round(Math.max(width, height) / 600));
  const polygons = outlines.map((corners) => `<polygon points="${corners.join(' ')}"/>`).join('');
  const style = `fill="none" stroke="${red}" stroke-width="${thickness}" shape-rendering="crispEdges"`;
  return starts(height).flatMap((top) =>
    starts(width).map((left) => {
      const [tileWidth, tileHeight] = [Math.min(maxTileSide, width - left), Math.min(maxTileSide, height - top)];
      // The middle of pixel 0 is at 0.5 in SVG.
      const svg =
        `<svg xmlns="http://www.w3.org/2000/svg" width="${tileWidth}" height="${tileHeight}">` +
        `<g transform="translate(${0.5 - left} ${0.5 - top})" ${style}>${polygons}</g></svg>`;
      return { input: Buffer.from(svg), left, top };
    }),
  );
}

function starts(length: number): number[] {
  return Array.from({ length: Math.ceil(length / maxTileSide) }, (_, i) => i * maxTileSide);
}
