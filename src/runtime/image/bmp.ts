import { decode } from 'bmp-ts';
import { OcrHubError } from '../errors.js';
import type { Image } from './image.js';

/**
 * Reads a Windows bitmap; libvips as sharp ships it cannot.
 *
 * @throws OcrHubError `image_too_large` by the header, `image_unreadable`.
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Image {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height } = headerOf(buffer);
  if (width * height > maxPixels) throw new OcrHubError('image_too_large', { width, height, maxPixels });
  try {
    const bitmap = decode(buffer, { toRGBA: true });
    return { width: bitmap.width, height: bitmap.height, data: withoutAlpha(bitmap.data) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new OcrHubError('image_unreadable', { reason: `damaged BMP: ${problem}` }, { cause: error });
  }
}

/** Width and height in pixels; a negative height means rows from top to bottom. OS/2 headers, 12 bytes long, have 16-bit sizes. */
function headerOf(buffer: Buffer): { width: number; height: number } {
  const headerLength = 26;
  if (buffer.length < headerLength) {
    throw new OcrHubError('image_unreadable', { reason: 'damaged BMP: it ends inside the header' });
  }
  const shortHeader = buffer.readUInt32LE(14) === 12;
  const width = shortHeader ? buffer.readUInt16LE(18) : buffer.readInt32LE(18);
  const height = Math.abs(shortHeader ? buffer.readInt16LE(20) : buffer.readInt32LE(22));
  if (width <= 0 || height === 0) {
    throw new OcrHubError('image_unreadable', { reason: `damaged BMP: its size is ${width} x ${height}` });
  }
  return { width, height };
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const data = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    data[to] = rgba[from] ?? 0;
    data[to + 1] = rgba[from + 1] ?? 0;
    data[to + 2] = rgba[from + 2] ?? 0;
  }
  return data;
}
