import sharp from 'sharp';
import { OcrHubError } from '../errors/error.js';
import { decodeBmp } from './bmp/bmp.js';
import { imageFormat } from './format.js';
import type { Image } from './image.js';
import { defaultMaxPixels } from './max-pixels.js';

export interface DecodeOptions {
  /** Most pixels (width x height) a picture may have; checked on the header, before anything is decoded. */
  readonly maxPixels?: number;
}

/** The threads libvips may use for one picture. Process-wide. */
export function configureDecoding({ threads }: { readonly threads: number }): void {
  sharp.concurrency(threads);
}

/**
 * Reads a JPEG, PNG, WebP, TIFF, GIF (first frame) or BMP file as OpenCV's `imdecode` in colour mode does: turned
 * upright by its EXIF orientation, alpha dropped without compositing, grey as three channels, 16 bits as `>> 8`,
 * colour profiles ignored (save for CMYK, which has no RGB without one), a truncated JPEG as far as it goes.
 *
 * @throws OcrHubError `image_unreadable` with the reason; `image_too_large` before any pixel is decoded.
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  const maxPixels = options.maxPixels ?? defaultMaxPixels;
  if (bytes.length === 0) throw unreadable('it is empty');
  const format = imageFormat(bytes);
  if (format === undefined) throw unreadable('its first bytes are those of no format that is read');
  if (format === 'BMP') return decodeBmp(bytes, maxPixels);

  const header = await sharp(bytes, { failOn: 'none', limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(reasonOf(error, format), error);
    });
  const { width, height } = header;
  if (width * height > maxPixels) throw new OcrHubError('image_too_large', { width, height, maxPixels });

  const { data, info } = await sharp(bytes, {
    failOn: 'none',
    limitInputPixels: maxPixels,
    autoOrient: true,
    ignoreIcc: header.space !== 'cmyk',
  })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(reasonOf(error, format), error);
    });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (info.channels === 3) return { width: info.width, height: info.height, data: pixels };
  if (info.channels === 1) return { width: info.width, height: info.height, data: tripled(pixels) };
  throw unreadable(`${format} with ${info.channels} channels`);
}

// Only these decoders of libvips may run, whatever the bytes say: the loaders of SVG, PDF, text and others are an
// attack surface that a picture server has no use for.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
});
// A server never reads the same file twice; the cache would only hold memory.
sharp.cache(false);

function tripled(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) data.fill(grey[i] ?? 0, i * 3, i * 3 + 3);
  return data;
}

function unreadable(reason: string, cause?: unknown): OcrHubError {
  return new OcrHubError('image_unreadable', { reason }, { cause });
}

function reasonOf(error: unknown, format: string): string {
  const text = error instanceof Error ? error.message : String(error);
  return `damaged ${format}: ${text.split('\n')[0] ?? text}`;
}
