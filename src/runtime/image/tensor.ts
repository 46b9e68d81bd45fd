import type { Image, Size } from './image.js';
import { blend, eachInterpolatedRow, eachResizedRow, type Region, type RowPair } from './resize.js';

/**
 * What each of the 256 channel values becomes in the tensor, for the planes in their order B, G, R: PaddleOCR reads
 * pictures with OpenCV and never swaps the channels, so its networks see B first.
 */
export type Normalization = readonly [b: Float32Array, g: Float32Array, r: Float32Array];

/** Builds the tables from the formula for one channel (0 B, 1 G, 2 R); results are rounded to float32. */
export function normalization(formula: (value: number, channel: number) => number): Normalization {
  const table = (channel: number): Float32Array =>
    Float32Array.from({ length: 256 }, (_, value) => formula(value, channel));
  return [table(0), table(1), table(2)];
}

/** Where a picture goes in a batch: planes of `height` rows and `stride` floats a row, from `offset` on. */
export interface TensorSlot {
  readonly data: Float32Array;
  readonly offset: number;
  readonly stride: number;
  readonly height: number;
}

/**
 * Resizes (see `eachResizedRow`), normalizes and writes the three planes in one pass. Only `width` floats of each row
 * are written; the caller has filled what lies to the right.
 */
export function writeResized(image: Image, width: number, slot: TensorSlot, tables: Normalization): void {
  eachResizedRow(image, width, slot.height, rowWriter(slot, tables));
}

/** The same for one region of the picture resized to `size`; the slot has the region's height. */
export function writeResizedRegion(
  image: Image,
  size: Size,
  region: Region,
  slot: TensorSlot,
  tables: Normalization,
): void {
  eachInterpolatedRow(image, size, region, rowWriter(slot, tables));
}

/** Blends, looks up and writes in one loop: see `RowPair`. */
function rowWriter({ data, offset, stride, height }: TensorSlot, tables: Normalization) {
  return (row: RowPair, y: number): void => writeRow(row, data, offset + y * stride, stride * height, tables);
}

function writeRow(
  { upper, lower, upperWeight, lowerWeight }: RowPair,
  data: Float32Array,
  from: number,
  plane: number,
  [blue, green, red]: Normalization,
): void {
  for (let at = 0, to = from; at < upper.length; at += 3, to++) {
    data[to] = blue[blend(upper[at + 2] ?? 0, upperWeight, lower[at + 2] ?? 0, lowerWeight)] ?? 0;
    data[to + plane] = green[blend(upper[at + 1] ?? 0, upperWeight, lower[at + 1] ?? 0, lowerWeight)] ?? 0;
    data[to + 2 * plane] = red[blend(upper[at] ?? 0, upperWeight, lower[at] ?? 0, lowerWeight)] ?? 0;
  }
}
