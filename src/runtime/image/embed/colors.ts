import type { Image } from '../image.js';

/** The pixels of a picture with few colors as numbers of colors; 0 is the most frequent one. */
export interface IndexedPixels {
  /** 0xRRGGBB. */
  readonly colors: readonly number[];
  /** One byte a pixel. */
  readonly indices: Uint8Array;
}

/** Undefined if the picture has more than 256 colors. */
export function indexedPixels({ width, height, data }: Image): IndexedPixels | undefined {
  const indexOf = new Map<number, number>();
  const counts: number[] = [];
  const indices = new Uint8Array(width * height);
  let last = -1;
  let index = 0;
  for (let i = 0, at = 0; i < indices.length; i++, at += 3) {
    const color = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    if (color !== last) {
      last = color;
      index = indexOf.get(color) ?? indexOf.size;
      if (index === 256) return undefined;
      indexOf.set(color, index);
    }
    indices[i] = index;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return mostFrequentFirst({ colors: [...indexOf.keys()], indices }, counts);
}

/** Whether red, green and blue of each pixel are equal. */
export function isGray({ data }: Image): boolean {
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

function mostFrequentFirst({ colors, indices }: IndexedPixels, counts: readonly number[]): IndexedPixels {
  const order = colors.map((_, i) => i).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  const places = new Uint8Array(256);
  order.forEach((old, place) => (places[old] = place));
  return { colors: order.map((old) => colors[old] ?? 0), indices: indices.map((old) => places[old] ?? 0) };
}
