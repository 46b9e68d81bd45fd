import type { Point, Quad } from '../geometry/point.js';
import { isTallQuad } from '../geometry/tall.js';
import { isRightToLeft } from './line-text.js';
import type { PageLine } from './page.js';

/**
 * Puts the corners of a line's region, and of its words' regions, into the order of the text: the first is the upper left
 * corner of the first letter. The recognizer reads a tall region from top to bottom. The classifier may turn a line upside
 * down before it is read; then its words come in the other order.
 */
export function textCorners({ text, text_region, words = [] }: PageLine): (region: Quad) => Quad {
  const isDown = Array.from(text.trim()).length > 1 && isTallQuad(text_region);
  const [a, b, , d] = text_region;
  const [first, last] = [words[0], words.at(-1)];
  const isBackward =
    first !== undefined && last !== undefined && runsFrom(first.region, last.region, a, isDown ? d : b) < 0;
  const shift = (isDown ? 1 : 0) + (isBackward !== isRightToLeft(text) && words.length > 1 ? 2 : 0);
  return (region) => [...region.slice(shift), ...region.slice(0, shift)] as unknown as Quad;
}

/**
 * Degrees clockwise by which the text of a line is turned, from 0 to below 360, to a tenth: 0 from left to right, 90 from top
 * to bottom, 180 upside down.
 *
 * @example
 * lineAngle({ text: 'Total', confidence: 1, text_region: [[40, 10], [40, 90], [20, 90], [20, 10]] }); // 90
 */
export function lineAngle(line: PageLine): number {
  const [[ax, ay], [bx, by]] = textCorners(line)(line.text_region);
  const tenths = Math.round((Math.atan2(by - ay, bx - ax) * 1800) / Math.PI);
  return ((tenths + 3600) % 3600) / 10;
}

/** How far the way from one region to another goes in the direction of two points; negative if it goes back. */
function runsFrom(from: Quad, to: Quad, start: Point, end: Point): number {
  const [ax, ay] = centerOf(from);
  const [bx, by] = centerOf(to);
  return (bx - ax) * (end[0] - start[0]) + (by - ay) * (end[1] - start[1]);
}

function centerOf([a, , c]: Quad): Point {
  return [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2];
}
