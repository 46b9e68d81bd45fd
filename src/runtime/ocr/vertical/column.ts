import type { Point, Quad } from '../../geometry/point.js';
import type { Image } from '../../image/image.js';
import { resize } from '../../image/resize.js';
import { cropStanding, sizeOf } from '../crop-lines.js';
import { inkMapOf, type InkMap } from '../display/ink-map.js';

/** A line of vertical text, upright, with a letter's room above and below: the detector often leaves out a mark at an end. */
export interface Column {
  readonly picture: Image;
  readonly map: InkMap;
  /** The rows of the picture in which the line's box begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** @param box from its upper left corner on */
export function columnOf(image: Image, box: Quad): Column {
  const { width, height } = sizeOf(box);
  const room = Math.round(width * roomShare);
  const whole = cropStanding(image, lengthened(box, room / height));
  const scale = Math.max(1, width / maxWidth);
  const shrunk = (length: number): number => Math.max(1, Math.round(length / scale));
  const picture = scale === 1 ? whole : resize(whole, shrunk(whole.width), shrunk(whole.height));
  return { picture, map: inkMapOf(picture), from: room / scale, to: (room + height) / scale };
}

/** Of the width: a letter and what is between two. */
const roomShare = 1.15;

/** Pixels. The recognizer reads lines of half the height. */
const maxWidth = 96;

/** The box, longer at both ends by a share of its height. */
export function lengthened([a, b, c, d]: Quad, share: number, atEnd = share): Quad {
  const beyond = ([x, y]: Point, [ox, oy]: Point, by: number): Point => [
    Math.round(x + (x - ox) * by),
    Math.round(y + (y - oy) * by),
  ];
  return [beyond(a, d, share), beyond(b, c, share), beyond(c, b, atEnd), beyond(d, a, atEnd)];
}
