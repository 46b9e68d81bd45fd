import type { Image } from '../../../../src/runtime/image/image.js';

/** A rectangle of ink in a square of 40 px. */
export type Stroke = readonly [left: number, top: number, right: number, bottom: number];

export const cellSize = 40;

export const letter: readonly Stroke[] = [
  [2, 2, 38, 7],
  [17, 2, 22, 38],
  [2, 33, 38, 38],
];
/** ー of vertical text. */
export const bar: readonly Stroke[] = [[18, 4, 22, 36]];
/** 、 of vertical text. */
export const comma: readonly Stroke[] = [[25, 4, 33, 12]];
/** ﹁ */
export const bracket: readonly Stroke[] = [
  [8, 24, 28, 27],
  [25, 24, 28, 38],
];
export const exclamation: readonly Stroke[] = [
  [17, 3, 22, 24],
  [17, 30, 22, 35],
];

/** A picture of some squares below each other, black on white, with room around them. */
export function drawnColumn(
  cells: readonly (readonly Stroke[])[],
  { left = 10, top = 46, pitch = cellSize } = {},
): Image {
  const [width, height] = [cellSize + 2 * left, 2 * top + pitch * cells.length];
  const data = new Uint8Array(width * height * 3).fill(255);
  cells.forEach((strokes, i) => {
    for (const [x0, y0, x1, y1] of strokes)
      for (let y = top + i * pitch + y0; y < top + i * pitch + y1; y++)
        data.fill(0, (y * width + left + x0) * 3, (y * width + left + x1) * 3);
  });
  return { width, height, data };
}
