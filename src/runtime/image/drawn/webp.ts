import type { DrawnPicture } from './drawn-picture.js';
import { maxExif } from './exif.js';
import { KeptRanges } from './kept-ranges.js';

/** Chunks that hold pixels (WebP container specification). */
const pixelChunks = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'VP8X']);

/** Bits of VP8X that announce chunks. */
const announced = { profile: 0x20, exif: 0x08, xmp: 0x04 } as const;

/** RIFF, the size, WEBP. */
const headerSize = 12;

/**
 * The file without the chunks that draw nothing, and without the frames after the first `maxFrames`: libwebp takes quadratic time
 * for frames, more than 120 s for the 1.2 million that fit into a request.
 */
export function drawnWebp(bytes: Uint8Array, maxFrames: number): DrawnPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = new KeptRanges(bytes);
  kept.keep(0, headerSize);
  let hasExif = false as boolean;
  let frames = 0;
  for (let at = headerSize; at < bytes.length;) {
    if (at + 8 > bytes.length) {
      kept.keep(at, bytes.length);
      break;
    }
    const type = String.fromCharCode(
      view.getUint8(at),
      view.getUint8(at + 1),
      view.getUint8(at + 2),
      view.getUint8(at + 3),
    );
    const length = view.getUint32(at + 4, true);
    const end = Math.min(at + 8 + length + (length % 2), bytes.length);
    const isExif: boolean = type === 'EXIF' && !hasExif && length <= maxExif;
    hasExif ||= isExif;
    if (type === 'ANMF') frames++;
    if (isExif || (pixelChunks.has(type) && frames <= maxFrames)) kept.keep(at, end);
    at = end;
  }
  const joined = kept.join();
  const drawn = joined === bytes ? bytes : announce(joined, bytes.length - joined.length, hasExif);
  return { bytes: drawn, frames: Math.max(1, frames) };
}

/** Corrects the size in the header and the announced chunks. A cut-off file keeps its missing bytes. */
function announce(file: Uint8Array, dropped: number, hasExif: boolean): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  view.setUint32(4, Math.max(0, view.getUint32(4, true) - dropped), true);
  if (file.length > 20 && Buffer.from(file.subarray(12, 16)).toString('latin1') === 'VP8X') {
    const without = announced.profile | announced.xmp | (hasExif ? 0 : announced.exif);
    view.setUint8(20, view.getUint8(20) & ~without);
  }
  return file;
}
