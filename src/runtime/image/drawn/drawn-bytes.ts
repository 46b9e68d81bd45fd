import type { ImageFormat } from '../format.js';
import type { DrawnPicture } from './drawn-picture.js';
import { drawnPng } from './png.js';
import { drawnWebp } from './webp.js';

/**
 * Returns a PNG or WebP file without the parts that draw nothing: texts, color profiles, other metadata, and chunks of
 * unknown types. libvips unpacks or copies every one of them: a PNG file of 2 MB took 9.6 GB of memory and 46 s for its texts.
 * What it does with the other formats takes at most four times the size of the file.
 *
 * The walk over the chunks unpacks nothing. A file without such parts is returned itself, without a copy.
 *
 * @param frame from 1; frames after it may be left out
 */
export function drawnBytes(bytes: Uint8Array, format: ImageFormat, frame: number): DrawnPicture {
  if (format === 'PNG') return { bytes: drawnPng(bytes) };
  if (format === 'WebP') return drawnWebp(bytes, frame);
  return { bytes };
}
