import { maxExif } from './exif.js';
import { KeptRanges } from './kept-ranges.js';

/** Chunks of which a PNG file has one, and the maximum bytes of each (PNG, third edition, section 11). */
const singleChunks: Readonly<Record<string, number>> = {
  IHDR: 13,
  PLTE: 768,
  tRNS: 256,
  gAMA: 4,
  cHRM: 32,
  sRGB: 1,
  sBIT: 4,
  bKGD: 6,
  pHYs: 9,
  eXIf: maxExif,
};

/** The signature, and the length, the type and the checksum of a chunk. */
const signatureSize = 8;
const frameSize = 12;

/** The file without the chunks that draw nothing, from its signature to IEND. */
export function drawnPng(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = new KeptRanges(bytes);
  kept.keep(0, signatureSize);
  const seen = new Set<string>();
  let type = '';
  for (let at = signatureSize; at < bytes.length && type !== 'IEND';) {
    if (at + frameSize > bytes.length) {
      kept.keep(at, bytes.length);
      break;
    }
    const length = view.getUint32(at);
    type = String.fromCharCode(
      view.getUint8(at + 4),
      view.getUint8(at + 5),
      view.getUint8(at + 6),
      view.getUint8(at + 7),
    );
    const end = Math.min(at + frameSize + length, bytes.length);
    if (isDrawn(type, length, seen)) kept.keep(at, end);
    seen.add(type);
    at = end;
  }
  return kept.join();
}

function isDrawn(type: string, length: number, seen: ReadonlySet<string>): boolean {
  if (type === 'IDAT' || type === 'IEND') return true;
  const max = Object.hasOwn(singleChunks, type) ? singleChunks[type] : undefined;
  if (max !== undefined) return length <= max && !seen.has(type);
  // libpng refuses a file with a critical chunk that it does not know: its type begins with a capital.
  return /^[A-Z]/.test(type);
}
