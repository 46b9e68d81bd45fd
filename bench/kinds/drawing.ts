import type { Sharp } from 'sharp';
import { loadSharp } from '../../src/runtime/image/sharp.js';

const sharp = loadSharp();
// The pipeline blocks this decoder when it loads sharp; here it draws.
sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });

export interface Style {
  readonly family: string;
  readonly size: number;
  readonly ink?: string;
  readonly weight?: string;
}

export const latinFonts = ['DejaVu Sans', 'Liberation Sans', 'Liberation Serif'] as const;
export const chineseFont = 'Noto Sans CJK SC';

/** An SVG element with its left end at `x` and its base line at `y`. */
export function textAt(
  text: string,
  x: number,
  y: number,
  { family, size, ink = '#111', weight = '400' }: Style,
): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text xml:space="preserve" x="${x}" y="${y}" font-family="${family}" font-size="${size}" font-weight="${weight}" fill="${ink}">${escaped}</text>`;
}

/** Draws SVG elements on a ground; without a ground, on transparency. */
export function drawn(width: number, height: number, body: string, ground?: string): Sharp {
  const rect = ground === undefined ? '' : `<rect width="${width}" height="${height}" fill="${ground}"/>`;
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rect}${body}</svg>`),
  );
}

export async function pngOf(width: number, height: number, body: string, ground = '#fff'): Promise<Buffer> {
  return drawn(width, height, body, ground).removeAlpha().png().toBuffer();
}

/** The smallest rectangle that holds all ink of a text, relative to its left end and base line. */
async function inkOf(text: string, style: Style): Promise<Ink> {
  const [x, y] = [style.size * 2, style.size * 2];
  const width = Math.ceil(style.size * (4 + text.length * 1.2));
  const body = textAt(text, x, y, { ...style, ink: '#000' });
  const { data, info } = await drawn(width, style.size * 4, body)
    .extractChannel(3)
    .raw()
    .toBuffer({ resolveWithObject: true });
  let [left, right, top, bottom] = [info.width, 0, info.height, 0];
  data.forEach((alpha, at) => {
    if (alpha < 64) return;
    const [column, row] = [at % info.width, Math.floor(at / info.width)];
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row + 1);
  });
  if (right === 0) throw new Error(`${style.family} draws nothing for ${text}`);
  return { left: left - x, right: right - x, top: top - y, bottom: bottom - y };
}

export interface Ink {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A picture that is a text and `margin` pixels around its ink. */
export async function cutOut(text: string, style: Style, margin: number, ground = '#fff') {
  const { left, right, top, bottom } = await inkOf(text, style);
  const [width, height] = [right - left + 2 * margin, bottom - top + 2 * margin];
  const picture = await pngOf(width, height, textAt(text, margin - left, margin - top, style), ground);
  return { picture, width, height };
}
