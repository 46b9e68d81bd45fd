import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { EmbeddedPicture } from './embedded-picture.js';

/**
 * The compressed rows of a PNG file as they are: PDF has the same filters. Undefined if PDF has no such picture (with
 * alpha, interlaced, 16 bits), or if the rows are damaged.
 */
export async function pngAsItIs(bytes: Uint8Array): Promise<EmbeddedPicture | undefined> {
  const { head, palette, rows } = chunksOf(bytes);
  if (head?.length !== 13) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bits, type, interlace] = [head[8] ?? 0, head[9] ?? 0, head[12]];
  const color = type === 3 ? palette : colorTypes.get(type);
  if (!isBits(bits) || color === undefined || interlace !== 0) return undefined;
  const data = Buffer.concat(rows);
  const expected = height * (1 + Math.ceil((width * bits * (color === 'rgb' ? 3 : 1)) / 8));
  if ((await inflatedSize(data, expected)) !== expected) return undefined;
  return { width, height, coding: 'flate', bits, color, hasRowFilters: true, data };
}

const colorTypes = new Map([
  [0, 'gray' as const],
  [2, 'rgb' as const],
]);

function isBits(bits: number): bits is EmbeddedPicture['bits'] {
  return [1, 2, 4, 8].includes(bits);
}

function chunksOf(bytes: Uint8Array): { head?: Uint8Array; palette?: Uint8Array; rows: Uint8Array[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: ReturnType<typeof chunksOf> = { rows: [] };
  for (let at = signature; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') found.head = data;
    if (type === 'PLTE') found.palette = data;
    if (type === 'IDAT') found.rows.push(data);
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return found;
}

/** Bytes. */
const signature = 8;

/** Undefined for data that cannot be inflated, or are longer than expected. */
async function inflatedSize(data: Uint8Array, maximum: number): Promise<number | undefined> {
  try {
    return (
      await promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate)(data, { maxOutputLength: maximum })
    ).length;
  } catch {
    // The caller encodes the pixels again.
    return undefined;
  }
}
