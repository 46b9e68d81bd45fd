import type { Image, Size } from '../image.js';

/**
 * A picture with transparent parts, laid over a ground on which its letters are seen: white under dark letters, black
 * under light ones, gray if it has both. Letters are where the opacity changes.
 *
 * The alpha channel is dropped if it is the same everywhere, so that opaque pictures keep their bytes.
 *
 * @param pixels R G B A, 4 bytes a pixel
 */
export function overGround(pixels: Uint8Array, { width, height }: Size): Image {
  const ground = groundOf(pixels, width);
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    const alpha = ground === undefined ? 255 : (pixels[from + 3] ?? 0);
    const behind = (ground ?? 0) * (255 - alpha);
    for (let i = 0; i < 3; i++) data[to + i] = Math.round(((pixels[from + i] ?? 0) * alpha + behind) / 255);
  }
  return { width, height, data };
}

/** The gray value of the ground; undefined if the opacity never changes. */
function groundOf(pixels: Uint8Array, width: number): number | undefined {
  const edges = { all: 0, dark: 0, light: 0, brightness: 0 };
  const stride = width * 4;
  const compare = (from: number, to: number): void => {
    const [a, b] = [pixels[from + 3] ?? 0, pixels[to + 3] ?? 0];
    const step = Math.abs(a - b);
    if (step === 0) return;
    const luminance = luminanceAt(pixels, a > b ? from : to);
    edges.all += step;
    edges.brightness += step * luminance;
    if (luminance < darkBelow) edges.dark += step;
    if (luminance > lightAbove) edges.light += step;
  };
  for (let at = 0; at < pixels.length; at += 4) {
    if ((at + 4) % stride !== 0) compare(at, at + 4);
    if (at + stride < pixels.length) compare(at, at + stride);
  }
  if (edges.all === 0) return undefined;
  if (Math.min(edges.dark, edges.light) > edges.all * minShare) return 128;
  return edges.brightness < edges.all * 128 ? 255 : 0;
}

const darkBelow = 85;
const lightAbove = 170;
/** Share of the edges from which both dark and light letters count. */
const minShare = 0.2;

function luminanceAt(pixels: Uint8Array, at: number): number {
  return 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
}
