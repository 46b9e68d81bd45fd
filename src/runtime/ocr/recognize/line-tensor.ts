import type { Image, Size } from '../../image/image.js';
import { normalization, writeResized } from '../../image/tensor.js';

/**
 * (value / 255 - 0.5) / 0.5 in float32 for all channels: `resize_norm_img` of PaddleOCR's predict_rec.py and
 * predict_cls.py.
 */
const lineNormalization = normalization((value) => Math.fround(Math.fround(value / 255) - 0.5) / 0.5);

/** How lines are squeezed. */
export interface Squeeze {
  /** Width to what the aspect ratio asks, at most 1. */
  readonly scale: number;
  /** Pixels that stay free behind the line. */
  readonly margin: number;
}

/**
 * Writes lines into a batch tensor [n, 3, height, width]: each at the batch's height, as wide as its aspect ratio asks
 * (rounded up, at most the batch's width), the rest to the right 0, which is mid gray. A line is squeezed only where it
 * would not fit otherwise: a batch is as wide as its widest line and the least width ask.
 */
export function writeLines(
  lines: readonly Image[],
  { height, width }: Size,
  data: Float32Array,
  squeeze: Squeeze = { scale: 1, margin: 0 },
): void {
  data.fill(0);
  lines.forEach((line, i) => {
    const slot = { data, offset: i * 3 * height * width, stride: width, height };
    writeResized(line, widthInBatch(line, { height, width }, squeeze), slot, lineNormalization);
  });
}

/** Columns of the batch tensor that hold the line's own pixels; the columns behind them are padding. */
export function widthInBatch(line: Size, { height, width }: Size, { scale, margin }: Squeeze): number {
  const own = height * (line.width / line.height);
  return Math.min(width, Math.ceil(own), Math.max(Math.ceil(own * scale), width - margin));
}

/** Indices of the pictures, the relatively narrowest first, in groups of `size`: similar widths share a batch. */
export function batchesByAspect(lines: readonly Image[], size: number): number[][] {
  const aspects = lines.map(({ width, height }) => width / height);
  const order = aspects.map((_, i) => i).sort((a, b) => (aspects[a] ?? 0) - (aspects[b] ?? 0));
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => order.slice(i * size, (i + 1) * size));
}
