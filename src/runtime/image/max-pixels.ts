import { OcrHubError } from '../errors/error.js';
import type { Size } from './image.js';

/** Default maximum of pixels per picture: 192 MB of raw data. An A4 page at 600 dpi has 35 million. */
export const defaultMaxPixels = 64_000_000;

/**
 * Maximum width and height of a picture. JPEG, WebP and GIF files cannot have more than 65,535. Each row costs time, even with
 * one pixel: a PNG file of 69 bytes with 64 million rows took 42 s.
 */
export const maxSide = 100_000;

/** @throws OcrHubError `image_too_large`, `image_too_long` */
export function requireSize({ width, height }: Size, maxPixels: number): void {
  if (width * height > maxPixels) throw new OcrHubError('image_too_large', { width, height, maxPixels });
  if (Math.max(width, height) > maxSide) throw new OcrHubError('image_too_long', { width, height, maxSide });
}
