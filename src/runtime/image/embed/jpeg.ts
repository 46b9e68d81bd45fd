import type { EmbeddedPicture } from './embedded-picture.js';

/**
 * A JPEG file as it is, if every PDF reader decodes it alike: baseline or progressive, 8 bits, gray or YCbCr. Undefined for
 * the others: CMYK, whose colors are often inverted, RGB, arithmetic coding, 12 bits, a damaged header.
 */
export function jpegAsItIs(bytes: Uint8Array): EmbeddedPicture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let transform: number | undefined;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return undefined;
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (marker === adobe && isAdobe(segment)) transform = segment[11];
    if (marker === startOfScan) return undefined;
    if (isFrame(marker)) return frames.includes(marker) ? pictureOf(segment, transform, bytes) : undefined;
    at += 2 + length;
  }
  return undefined;
}

const startOfScan = 0xda;
const adobe = 0xee;

/** Baseline, extended with Huffman codes, progressive. */
const frames = [0xc0, 0xc1, 0xc2];

/** SOF0 to SOF15; the three between them define tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function isAdobe(segment: Uint8Array): boolean {
  return Buffer.from(segment.subarray(0, 5)).toString('latin1') === 'Adobe';
}

/** @param frame precision, height, width, number of components, and three bytes for each */
function pictureOf(frame: Uint8Array, transform: number | undefined, data: Uint8Array): EmbeddedPicture | undefined {
  const [precision, h1 = 0, h0 = 0, w1 = 0, w0 = 0, components = 0, id] = frame;
  const [width, height] = [w1 * 256 + w0, h1 * 256 + h0];
  // Of three components without a marker, libjpeg takes those whose first is "R" for RGB.
  const isRgb = transform === 0 || (transform === undefined && id === 0x52);
  const isPlain = components === 1 || (components === 3 && !isRgb);
  // A height of 0 is written after the picture.
  if (precision !== 8 || width === 0 || height === 0 || !isPlain) return undefined;
  const color = components === 1 ? 'gray' : 'rgb';
  return { width, height, coding: 'jpeg', bits: 8, color, hasRowFilters: false, data };
}
