import { imageFormat } from '../format.js';
import { loadSharp } from '../sharp.js';
import type { EmbeddedPicture } from './embedded-picture.js';
import { jpegAsItIs } from './jpeg.js';
import { pngAsItIs } from './png.js';

/** A picture whose file's own bytes can stand in a PDF file. */
export interface PictureAsItIs {
  readonly picture: EmbeddedPicture;
  /** EXIF orientation, 1 to 8: PDF readers do not look into the picture. */
  readonly orientation: number;
}

/** Undefined for a file whose pixels must be decoded and encoded again. */
export async function pictureAsItIs(bytes: Uint8Array): Promise<PictureAsItIs | undefined> {
  const format = imageFormat(bytes);
  if (format !== 'JPEG' && format !== 'PNG') return undefined;
  const picture = format === 'JPEG' ? jpegAsItIs(bytes) : await pngAsItIs(bytes);
  if (picture === undefined) return undefined;
  const { orientation = 1 } = await loadSharp()(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
  return { picture, orientation };
}
