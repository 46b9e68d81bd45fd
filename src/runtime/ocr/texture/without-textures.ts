import type { Image } from '../../image/image.js';
import { sizeOf } from '../crop-lines.js';
import type { TextLine } from '../text-line.js';
import { isTexture, textureSide } from './is-texture.js';

/**
 * The lines of a page without those that a pattern was taken for, such as bricks or the edge of a gradient. Only a page with
 * a few characters, or with mostly unsure lines, is looked at.
 */
export function withoutTextures(image: Image, lines: readonly TextLine[]): readonly TextLine[] {
  if (!isDoubtful(lines)) return lines;
  return lines.filter((line) => !isTexture(surroundingsOf(image, line)));
}

function isDoubtful(lines: readonly TextLine[]): boolean {
  const characters = lines.reduce((sum, { text }) => sum + Array.from(text).length, 0);
  const sure = lines.filter(({ confidence }) => confidence >= sureConfidence).length;
  return characters <= maxCharacters || sure * 2 < lines.length;
}

const maxCharacters = 8;

/** Most lines of a page with text have more (docs/decisions/0027). */
const sureConfidence = 0.85;

/** A square around the middle of a line, three letters high, in at most `textureSide` pixels a side. */
function surroundingsOf(image: Image, { text, text_region: box }: TextLine): Image {
  const { width, height } = sizeOf(box);
  const letter = Math.max(Math.min(width, height), Math.max(width, height) / Array.from(text).length);
  const side = Math.max(letter * letters, textureSide);
  const step = side / textureSide;
  const [x, y] = ([0, 1] as const).map((axis) => box.reduce((sum, corner) => sum + corner[axis], 0) / box.length);
  const columns = places(x ?? 0, side, step, image.width);
  const rows = places(y ?? 0, side, step, image.height);
  const data = new Uint8Array(columns.length * rows.length * 3);
  rows.forEach((row, i) =>
    columns.forEach((column, j) => {
      const from = (row * image.width + column) * 3;
      data.set(image.data.subarray(from, from + 3), (i * columns.length + j) * 3);
    }),
  );
  return { width: columns.length, height: rows.length, data };
}

const letters = 3;

/** Every `step`-th pixel of a stretch of `side` pixels that ends within the picture. */
function places(middle: number, side: number, step: number, length: number): number[] {
  const shown = Math.min(side, length);
  const start = Math.min(Math.max(middle - shown / 2, 0), length - shown);
  return Array.from({ length: Math.floor(shown / step) }, (_, i) => Math.floor(start + i * step));
}
