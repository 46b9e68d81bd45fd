import type { Point, Quad } from '../../geometry/point.js';
import type { Image, Size } from '../../image/image.js';
import { isTexture } from '../texture/is-texture.js';
import type { DetectorOverlay, DetectorParams } from './params.js';
import { ceilToMultiple, detectorScale, type SizeRule } from './resize-rule.js';
import { planSlices } from './slices.js';

/** A small picture in the middle of a larger one, which has the small one's ground. */
export interface Frame {
  readonly image: Image;
  readonly inner: Size;
  /** Where the small picture begins. */
  readonly left: number;
  readonly top: number;
  /** The parameters with which the larger picture is detected. */
  readonly overlay: DetectorOverlay;
}

type FrameRule = SizeRule & Pick<DetectorParams, 'det_slice' | 'det_border' | 'det_min_side'>;

/**
 * Puts a picture into a frame if it has fewer than `det_min_side` rows or columns at the detector; undefined otherwise.
 *
 * The network finds no letters that touch the edge, and rounding the sides to multiples of 32 squeezes a low picture. The
 * framed picture has sides that need no rounding. If the picture is not shrunk, it is enlarged to `det_min_side`. A picture
 * of stripes, checks, bricks or noise gets no frame, inside which it would look like letters.
 */
export function frameSmall(image: Image, params: FrameRule): Frame | undefined {
  const { det_border: border, det_min_side: minSide } = params;
  const shorter = Math.min(image.width, image.height);
  const plan = planSlices(image, params);
  const usual = plan === undefined ? detectorScale(image, params) : plan.size.width / image.width;
  if (border === 0 || shorter * Math.min(usual, 1) >= minSide || isTexture(image)) return undefined;
  const scale = usual === 1 ? Math.max(1, minSide / (shorter + 2 * border)) : usual;
  // A picture that the parameters enlarge keeps their scale, and one in slices is planned again.
  const isFitted = usual <= 1 && plan === undefined;
  const margin = border / Math.min(usual, 1);
  const side = (length: number): number => (isFitted ? ceilToMultiple : Math.ceil)((length + 2 * margin) * scale);
  const longer = Math.max(side(image.width), side(image.height));
  const width = Math.round(side(image.width) / scale);
  const height = Math.round(side(image.height) / scale);
  if (width * height > maxPixels) return undefined;
  const left = Math.floor((width - image.width) / 2);
  const top = Math.floor((height - image.height) / 2);
  const size: DetectorOverlay = isFitted ? { det_limit_type: 'resize_long', det_limit_side_len: longer } : {};
  return {
    image: placed(image, { width, height }, left, top),
    inner: image,
    left,
    top,
    overlay: { ...size, det_border: 0 },
  };
}

/** Bounds the memory of a frame around a strip that is shrunk many times. */
const maxPixels = 16_000_000;

/** A box of the framed picture in pixels of the small one; undefined if it lies in the frame. */
export function outOfFrame(box: Quad, { left, top, inner }: Frame): Quad | undefined {
  const clip = (value: number, length: number): number => Math.min(Math.max(value, 0), length - 1);
  const moved = ([x, y]: Point): Point => [clip(x - left, inner.width), clip(y - top, inner.height)];
  const [a, b, c, d] = box;
  const quad: Quad = [moved(a), moved(b), moved(c), moved(d)];
  const hasExtent = (axis: 0 | 1): boolean => quad.some((corner) => corner[axis] !== quad[0][axis]);
  return hasExtent(0) && hasExtent(1) ? quad : undefined;
}

function placed(image: Image, { width, height }: Size, left: number, top: number): Image {
  const row = new Uint8Array(width * 3);
  const ground = groundOf(image);
  for (let at = 0; at < row.length; at += 3) row.set(ground, at);
  const data = new Uint8Array(width * height * 3);
  const stride = image.width * 3;
  for (let y = 0; y < height; y++) {
    data.set(row, y * width * 3);
    const from = y - top;
    if (from < 0 || from >= image.height) continue;
    data.set(image.data.subarray(from * stride, (from + 1) * stride), (y * width + left) * 3);
  }
  return { width, height, data };
}

/** The median of each channel along the edges: letters touch less than half of them. */
function groundOf({ width, height, data }: Image): number[] {
  const counts = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)];
  let seen = 0;
  const see = (x: number, y: number): void => {
    seen++;
    counts.forEach((values, channel) => {
      const value = data[(y * width + x) * 3 + channel] ?? 0;
      values[value] = (values[value] ?? 0) + 1;
    });
  };
  for (let x = 0; x < width; x++) [0, height - 1].forEach((y) => see(x, y));
  for (let y = 0; y < height; y++) [0, width - 1].forEach((x) => see(x, y));
  return counts.map((values) => {
    let below = 0;
    return values.findIndex((count) => (below += count) * 2 >= seen);
  });
}
