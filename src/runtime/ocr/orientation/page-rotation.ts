import type { Quad } from '../../geometry/point.js';
import { isTall, sizeOf } from '../crop-lines.js';

/** Degrees by which a page is turned clockwise. */
export type Turn = 0 | 90 | 180 | 270;

/**
 * Confidence at which a line is read the right way round. Measured on pages of docs/decisions/0027: the median of a page is
 * .97 or more upright, and .54 to .73 upside down.
 */
const sureConfidence = 0.85;

/** Share of tall boxes among those that are not nearly square, from which a page may be turned by a quarter. */
const minTallShare = 0.6;

/** Fewer boxes do not tell. */
const minBoxes = 2;

/** Lines that are read to find the direction of a page. */
const maxProbes = 6;

/** Whether most lines run from top to bottom or from bottom to top. */
export function isSideways(boxes: readonly Quad[]): boolean {
  const sizes = boxes.map(sizeOf);
  const tall = sizes.filter(isTall).length;
  const wide = sizes.filter(({ width, height }) => isTall({ width: height, height: width })).length;
  return tall >= minBoxes && tall >= minTallShare * (tall + wide);
}

/** The lines whose direction tells most: those with the most letters, by length and height. */
export function probesOf(boxes: readonly Quad[]): Quad[] {
  return boxes.toSorted((a, b) => lengthInHeights(b) - lengthInHeights(a)).slice(0, maxProbes);
}

/** Longer lines tell no more, and take longer to read. */
const maxLength = 12;

function lengthInHeights(box: Quad): number {
  const { width, height } = sizeOf(box);
  const ratio = Math.max(width, height) / Math.max(1, Math.min(width, height));
  return Math.min(ratio, maxLength);
}

/** The box of a line that is read from its other end. */
export function upsideDown([a, b, c, d]: Quad): Quad {
  return [c, d, a, b];
}

/** Whether the lines of a page were read the right way round; true for a page without lines. */
export function areSure(confidences: readonly number[]): boolean {
  return confidences.length < minBoxes || isSure(confidences);
}

/** Whether some lines were read, and read the right way round. */
export function isSure(confidences: readonly number[]): boolean {
  return median(confidences) >= sureConfidence;
}

/** Whether lines read one way round are clearly surer than the other way round. */
export function isClearlySurer(these: readonly number[], those: readonly number[]): boolean {
  return isSure(these) && median(these) > median(those);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
