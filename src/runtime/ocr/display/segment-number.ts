import type { Image } from '../../image/image.js';
import { columnSums, inkMapOf, rowSums, slantOf, straightened, type InkMap } from './ink-map.js';
import { segmentGlyph, type Glyph, type GlyphForm } from './segment-glyph.js';

/** A number on a display of seven segments. */
export interface SegmentNumber {
  readonly text: string;
  /** The columns that it fills. */
  readonly left: number;
  readonly right: number;
}

/**
 * Reads a number on a display of seven segments by its segments. It begins in the columns from `from` to `to`, and goes on to
 * both sides as far as digits stand as close to each other as there.
 *
 * @returns undefined if what stands in these columns is anything else
 */
export function segmentNumber(image: Image, from: number, to: number): SegmentNumber | undefined {
  const leaning = inkMapOf(image);
  const rows = rowSums(leaning, from, to);
  const isInked = (sum: number): boolean => sum > (to - from) * minRow;
  const [top, bottom] = [rows.findIndex(isInked), rows.findLastIndex(isInked) + 1];
  if (top < 0 || bottom - top < minHeight) return undefined;
  const slant = slantOf(leaning, {
    top,
    bottom: Math.round(bottom - (bottom - top) * pointShare),
    left: from,
    right: to,
  });
  const map = straightened(leaning, slant);
  const stroke = strokeOf(map, top, bottom, from, to);
  if (stroke === 0 || stroke > (bottom - top) * maxStroke) return undefined;
  // A point stands in the lowest rows, beside digits or under them.
  const runs = runsOf(columnSums(map, top, Math.round(bottom - stroke * pointHeight)), (bottom - top) * minColumn);
  // The upper ends of leaning strokes were further to the right.
  const lean = slant * (bottom - top);
  const isInside = ({ left, right }: Run): boolean => (left + right) / 2 >= from - lean && (left + right) / 2 < to;
  const first = runs.findIndex(isInside);
  const last = runs.findLastIndex(isInside);
  const inside = first < 0 ? [] : runs.slice(first, last + 1);
  const width = Math.max(0, ...inside.map(({ left, right }) => right - left));
  if (width < (bottom - top) * minDigit || width > (bottom - top) * maxDigit) return undefined;
  const form = { top, bottom, width, stroke };
  const told = inside.map(({ left, right }) => segmentGlyph(map, form, left, right));
  const glyphs = told.flatMap((glyph) => glyph ?? []);
  if (glyphs.length < told.length || glyphs.length < 2) return undefined;
  const pitch = pitchOf(glyphs);
  if (pitch < width || pitch > width * maxPitch) return undefined;
  const all = [
    ...going(map, form, pitch, runs.slice(0, first).toReversed(), glyphs[0]).toReversed(),
    ...glyphs,
    ...going(map, form, pitch, runs.slice(last + 1), glyphs.at(-1)),
  ];
  const text = all.map((glyph, i) => separator(map, form, pitch, all[i - 1], glyph) + glyph.text).join('');
  return { text, left: all[0]?.left ?? 0, right: (all.at(-1)?.right ?? 0) + lean };
}

interface Run {
  readonly left: number;
  readonly right: number;
}

/** The glyphs of the runs on one side of a glyph, the nearest first, as long as they are as close as the others. */
function going(map: InkMap, form: GlyphForm, pitch: number, runs: readonly Run[], start: Glyph | undefined): Glyph[] {
  const found: Glyph[] = [];
  let near = start;
  for (const { left, right } of runs) {
    const glyph = segmentGlyph(map, form, left, right);
    if (glyph === undefined || near === undefined || stepBetween(near, glyph) > pitch * maxStep) break;
    found.push(glyph);
    near = glyph;
  }
  return found;
}

/** What stands between two glyphs: nothing, a point, or room for another digit. */
function separator(map: InkMap, form: GlyphForm, pitch: number, before: Glyph | undefined, glyph: Glyph): string {
  if (before === undefined || before.text === ':' || glyph.text === ':') return '';
  if (stepBetween(before, glyph) > pitch * maxStep) return ' ';
  return before.text !== '-' && hasPoint(map, form, before.right, glyph.right - form.width) ? '.' : '';
}

/** Whether the lowest rows of the gap between two digits are filled, or hold something as wide as a point. */
function hasPoint(map: InkMap, { bottom, stroke }: GlyphForm, left: number, right: number): boolean {
  const [from, to] = [Math.round(left), Math.round(right)];
  if (to <= from) return false;
  const filled = columnSums(map, Math.round(bottom - stroke), bottom).subarray(from, to);
  const columns = filled.filter((sum) => sum > stroke * minFilled).length;
  return columns >= Math.min((to - from) * minFilled, stroke * minFilled);
}

function stepBetween(a: Glyph, b: Glyph): number {
  return Math.abs(a.right - b.right);
}

/** The usual distance from a digit to the next. */
function pitchOf(glyphs: readonly Glyph[]): number {
  const steps = glyphs.flatMap((glyph, i) => {
    const before = glyphs[i - 1];
    return before === undefined || before.text === ':' || glyph.text === ':' ? [] : [stepBetween(before, glyph)];
  });
  return steps.toSorted((a, b) => a - b)[Math.floor((steps.length - 1) / 2)] ?? 0;
}

/** The usual width of upright segments; 0 if there is none. */
function strokeOf(map: InkMap, top: number, bottom: number, from: number, to: number): number {
  const widths = strokeRows.flatMap((share) => {
    const row = Math.round(top + (bottom - top) * share);
    return runsOf(map.ink.subarray(row * map.width + from, row * map.width + to), 0.5).map(
      ({ left, right }) => right - left,
    );
  });
  return widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
}

/** The runs of values above a limit. */
function runsOf(values: Float32Array, above: number): Run[] {
  const runs: Run[] = [];
  for (let left = 0; left < values.length; left++) {
    if ((values[left] ?? 0) <= above) continue;
    let right = left;
    while (right < values.length && (values[right] ?? 0) > above) right++;
    runs.push({ left, right });
    left = right;
  }
  return runs;
}

/** Share of the columns from which a row belongs to the digits. */
const minRow = 0.01;
/** Share of the rows from which a column belongs to a digit. */
const minColumn = 0.03;
/** Pixels of the picture, which is enlarged for this. */
const minHeight = 20;
/** Shares of the height. */
const maxStroke = 0.24;
const minDigit = 0.3;
const maxDigit = 0.9;
/** Times the width of a digit. */
const maxPitch = 2;
/** Times the usual step to the next digit. */
const maxStep = 1.4;
/** Share of the height in which a point may stand. */
const pointShare = 0.15;
/** Times the thickness of a segment: a point is a little larger. */
const pointHeight = 1.35;
const minFilled = 0.45;
const strokeRows = [0.2, 0.25, 0.3, 0.7, 0.75, 0.8];
