import type { Point } from '../../../geometry/point.js';
import type { PageLine, Rotation } from '../../page.js';
import { layerFont } from './layer-font.js';
import { pointAt } from './line-frame.js';
import { applyTo, directionOf, type Matrix } from '../matrix.js';
import { num, utf16String } from '../pdf-writer.js';
import { runsOf, type Run } from './runs.js';
import { widthOf, type TextCodes } from './text-codes.js';

export interface LayerPlace {
  /** From pixels of the page as it was read to units of the page. */
  readonly toPage: Matrix;
  /** Degrees by which the page as it was read is turned clockwise from the page as it is shown. */
  readonly turn: Rotation;
}

/**
 * The invisible text of a page as operators of a content stream (ISO 32000-1, 9.4): one text object a line. Each
 * character of the result is a byte.
 *
 * @param place of the lines in the file
 */
export function textLayer(lines: readonly PageLine[], place: LayerPlace, codes: TextCodes): string {
  const objects = lines.flatMap((line) => textObject(line, place, codes));
  return objects.length === 0 ? '' : ['q 3 Tr', ...objects, 'Q'].join('\n');
}

function textObject(line: PageLine, { toPage, turn }: LayerPlace, codes: TextCodes): string[] {
  const { frame, runs } = runsOf(line);
  const [first] = runs;
  if (first === undefined) return [];
  const [along, unitWidth] = unit(directionOf(toPage, frame.along));
  const [up, unitHeight] = unit(directionOf(toPage, frame.up));
  const digits = digitsFor((first.top - first.bottom) * unitHeight);
  const shownAlong = turnedBack(frame.along, turn);
  const [, shownUp] = turnedBack(frame.up, turn);
  const pen = new Pen(digits);
  const operators = runs.map((run, i) => {
    const height = Math.max((run.top - run.bottom) * unitHeight, minSize);
    const width = Math.max((run.to - run.from) * unitWidth, minSize);
    const place: Point = [(run.from - first.from) * unitWidth, (run.bottom - first.bottom) * unitHeight];
    const stretch = Math.min(Math.max((width * 100_000) / (widthOf(run.text) * height), 1), maxStretch);
    const setting = `${pen.moveTo(place)}${pen.size(height)}${num(stretch, 0)} Tz `;
    const rise = width * Math.min(Math.abs(along[0]), Math.abs(along[1]));
    const show = rise > maxRise ? withActualText : shown;
    if (!isSpaceFar(shownAlong, run, i === runs.length - 1)) return setting + show(run.text, run.spaceAfter, codes);
    const far: Point = [place[0] + farAway * height * shownAlong[1], place[1] + farAway * height * shownUp];
    return `${setting}${show(run.text, false, codes)} ${pen.moveTo(far)}${shown(' ', false, codes)}`;
  });
  const [x, y] = applyTo(toPage, pointAt(frame, first.from, first.bottom));
  const axes = [...along, ...up].map((value) => num(value, 5)).join(' ');
  return [`BT ${axes} ${num(x, digits + 1)} ${num(y, digits + 1)} Tm`, ...operators, 'ET'];
}

/** Writes places and sizes only where they change. Places are rounded, so that roundings do not add up. */
class Pen {
  readonly #digits: number;
  #place: Point = [0, 0];
  #size = '';

  constructor(digits: number) {
    this.#digits = digits;
  }

  moveTo([x, y]: Point): string {
    const round = (value: number): number => Math.round(value * 10 ** this.#digits) / 10 ** this.#digits;
    const next: Point = [round(x), round(y)];
    const [dx, dy] = [next[0] - this.#place[0], next[1] - this.#place[1]].map((step) => num(step, this.#digits));
    this.#place = next;
    return dx === '0' && dy === '0' ? '' : `${dx} ${dy} Td `;
  }

  size(height: number): string {
    const size = num(height, this.#digits + 1);
    if (size === this.#size) return '';
    this.#size = size;
    return `/${layerFont} ${size} Tf `;
  }
}

/**
 * pdfium sorts runs from left to right while each begins about as high on the page as the one before. A space far away
 * at the end of a line that is not level keeps the next line apart. In a line that goes to the left, a space far away
 * after each word keeps the words in their order.
 */
function isSpaceFar([x]: Point, { spaceAfter }: Run, isLast: boolean): boolean {
  const isLevel = x > 0.9999;
  return isLast ? !isLevel : spaceAfter && x < -0.5;
}

/** Times the height of the letters, up or down the page as it is shown. */
const farAway = 2;

/** Digits after the point for places that are right to a fortieth of the height of the letters. */
function digitsFor(height: number): number {
  return Math.min(Math.max(Math.ceil(Math.log10(40 / height)), 0), 6);
}

function shown(text: string, spaceAfter: boolean, codes: TextCodes): string {
  return `${codes.encode(spaceAfter ? `${text} ` : text)} Tj`;
}

/**
 * Text that is also in the file as a whole. Poppler cuts words apart where the base line of their letters rises by half a
 * unit, but not these. In UTF-16, which is almost always the same bytes as the codes, it takes little space after
 * compression.
 */
function withActualText(text: string, spaceAfter: boolean, codes: TextCodes): string {
  const word = `/Span << /ActualText ${utf16String(text)} >> BDC ${shown(text, false, codes)} EMC`;
  return spaceAfter ? `${word} ${shown(' ', false, codes)}` : word;
}

/** Of a run from its beginning to its end, in units of the page. */
const maxRise = 0.3;

function turnedBack([x, y]: Point, turn: Rotation): Point {
  return ({ 0: [x, y], 90: [y, -x], 180: [-x, -y], 270: [-y, x] } as const)[turn];
}

function unit([x, y]: Point): [direction: Point, length: number] {
  const length = Math.sqrt(x * x + y * y);
  return length === 0 ? [[1, 0], 1] : [[x / length, y / length], length];
}

/** In units of the page: a reader fails at a size of 0. */
const minSize = 1e-4;

/** Percent. */
const maxStretch = 10_000;
