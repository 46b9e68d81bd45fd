import { distance, type Point, type Quad } from '../../../geometry/point.js';
import { isTallQuad } from '../../../geometry/tall.js';

/** Directions of a line of text on its page, in pixels; y grows downwards. */
export interface LineFrame {
  /** Where the text goes, of length 1. */
  readonly along: Point;
  /** To the top of the letters, of length 1. */
  readonly up: Point;
  /** Whether the line is neither horizontal nor vertical. */
  readonly isTilted: boolean;
}

/** A box in the directions of a frame. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly bottom: number;
  readonly top: number;
}

/**
 * The frame of a line by its own quadrangle. A line that rises by less than a fifth of its height counts as upright:
 * readers of PDF files treat upright text best, and whole pixels are no more precise.
 */
export function frameOf([a, b, c, d]: Quad): LineFrame {
  const [start, end] = [middle(a, d), middle(b, c)];
  const length = distance(start, end);
  const [x, y]: Point = length < minLength ? [1, 0] : [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
  const rise = length * Math.min(Math.abs(x), Math.abs(y));
  const isTilted = rise > maxRise * distance(middle(a, b), middle(c, d));
  const along: Point = isTilted ? [x, y] : [Math.round(x), Math.round(y)];
  return { along, up: [along[1], 0 - along[0]], isTilted };
}

/** Share of the line's height. */
const maxRise = 0.2;

const minLength = 1e-6;

/** The frame of a line that is upside down in its region. */
export function upsideDown({ along, up, isTilted }: LineFrame): LineFrame {
  return { along: [0 - along[0], 0 - along[1]], up: [0 - up[0], 0 - up[1]], isTilted };
}

/** A region as a box in a frame. The corners come in any order; each side is the mean of two, which are whole pixels. */
export function spanOf(region: Quad, { along, up }: LineFrame): Span {
  const project = (axis: Point): [number, number] => {
    const places = region.map(([x, y]) => x * axis[0] + y * axis[1]);
    const [a = 0, b = 0, c = 0, d = 0] = places.sort((p, q) => p - q);
    return [(a + b) / 2, (c + d) / 2];
  };
  const [from, to] = project(along);
  const [bottom, top] = project(up);
  return { from, to, bottom, top };
}

/** The pixel at a place in a frame. */
export function pointAt({ along, up }: LineFrame, from: number, above: number): Point {
  return [from * along[0] + above * up[0], from * along[1] + above * up[1]];
}

/**
 * The corners of a line's region from the first letter's upper left one. The text of a tall region goes down, as the
 * recognizer reads it; a single character is upright in any region.
 */
export function ownCorners(region: Quad, characters: number): Quad {
  const [a, b, c, d] = region;
  return characters > 1 && isTallQuad(region) ? [b, c, d, a] : [a, b, c, d];
}

/** A slice of a line from one share of its length to another, 0 to 1. */
export function sliceOf([a, b, c, d]: Quad, from: number, to: number): Quad {
  return [between(a, b, from), between(a, b, to), between(d, c, to), between(d, c, from)];
}

function between([ax, ay]: Point, [bx, by]: Point, share: number): Point {
  return [ax + (bx - ax) * share, ay + (by - ay) * share];
}

function middle(a: Point, b: Point): Point {
  return between(a, b, 0.5);
}
