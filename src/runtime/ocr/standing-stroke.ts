import type { Image } from '../image/image.js';

/** A letter that is one upright stroke, bare or with arms at its ends. */
export type Stroke = 'I' | 'l' | '|' | '[' | ']' | '!';

/**
 * Tells what a single narrow letter is by its shape, where recognizers guess: a bare stroke is no 1, which has a flag or a
 * foot; the flag of an l is at its very top; and a bracket has arms on one side.
 *
 * @param letter the letter as it stands, with its ground around it
 * @returns the letters that have this shape, the most frequent one first; none for other shapes, and for small or faint ones
 */
export function standingStroke(letter: Image): readonly Stroke[] {
  const rows = inkOfRows(reduced(letter));
  const full = Math.max(0, ...rows.map(({ ink }) => ink));
  const stem = median(rows.flatMap(({ ink }) => (ink > full * minRow ? [ink] : [])));
  const first = rows.findIndex(({ ink }) => ink >= stem / 2);
  const last = rows.findLastIndex(({ ink }) => ink >= stem / 2);
  const glyph = rows.slice(first, last + 1);
  if (stem < minStem || glyph.length < minHeight) return [];
  if (isExclamation(glyph, stem)) return ['!'];
  const middle = glyph.slice(Math.ceil(glyph.length * armShare), Math.floor(glyph.length * (1 - armShare)));
  if (!isStraight(middle, stem)) return [];
  // Rows at both ends are covered in part.
  const height = rows.reduce((sum, { ink }) => sum + Math.min(ink / stem, 1), 0);
  if (isStraight(glyph.slice(1, -1), stem)) {
    const told = bareStroke(stem / height);
    return told !== '|' && isSnapped(glyph, stem) ? ['I', 'l'] : told === undefined ? [] : [told];
  }
  const center = mean(middle.map((row) => row.center));
  const side = bracket(glyph, stem, center);
  if (side !== undefined) return [side];
  return hasTopFlag(glyph, center, stem) ? ['l'] : [];
}

function bracket(glyph: readonly Row[], stem: number, center: number): '[' | ']' | undefined {
  const arms = [
    glyph.slice(0, Math.ceil(glyph.length * armShare)),
    glyph.slice(-Math.ceil(glyph.length * armShare)),
  ].map((end) => end.reduce((a, b) => (b.ink > a.ink ? b : a)));
  if (arms.some(({ ink }) => ink < stem * minArm)) return undefined;
  const sides = arms.map((arm) => Math.sign(Math.round((arm.center - center) / (arm.ink * minShift))));
  if (sides.every((side) => side > 0)) return '[';
  return sides.every((side) => side < 0) ? ']' : undefined;
}

/** Whether the stroke fills whole pixels: small letters are drawn with equal stems for I and l then. */
function isSnapped(glyph: readonly Row[], stem: number): boolean {
  if (stem > maxSnapped || Math.abs(stem - Math.round(stem)) > maxOff) return false;
  return [glyph[0], glyph.at(-1)].every((row) => row !== undefined && row.ink > stem * (1 - maxOff));
}

/** Pixels. */
const maxSnapped = 3.5;
const maxOff = 0.1;

/** Whether a stroke stands above a dot, of which an i has it the other way round. */
function isExclamation(glyph: readonly Row[], stem: number): boolean {
  const gap = glyph.findIndex(({ ink }) => ink < stem * maxGap);
  const end = glyph.findIndex(({ ink }, row) => row > gap && ink >= stem * maxGap);
  if (gap < glyph.length * minAbove || end < 0) return false;
  const centers = glyph.flatMap(({ ink, center }) => (ink >= stem * maxGap ? [center] : []));
  const isUpright = Math.max(...centers) - Math.min(...centers) < stem;
  return (
    isUpright &&
    glyph.slice(end).every(({ ink }) => ink >= stem * maxGap) &&
    glyph.every(({ ink }) => ink < stem * maxDot)
  );
}

/** Shares of the stem. */
const maxGap = 0.3;
const maxDot = 2;
/** Share of the height above the gap. */
const minAbove = 0.55;

/** Whether a glyph has a short serif at its very top, on the left alone. That of a 1 is longer or hangs lower. */
function hasTopFlag(glyph: readonly Row[], center: number, stem: number): boolean {
  if (glyph.length < minFlagged) return false;
  const top = glyph.slice(0, Math.ceil(glyph.length * flagShare));
  const reach = top.map(({ left }) => (center - stem / 2 - left) / glyph.length);
  const longest = Math.max(...reach);
  const onRight = Math.max(...top.map(({ right }) => (right - center - stem / 2) / glyph.length));
  if (onRight > minFlag) return false;
  return longest >= minFlag && longest <= maxFlag && reach.indexOf(longest) / glyph.length <= maxFlagTop;
}

/**
 * Shares of the height. In eight faces with serifs at four sizes, the flag of l is 0.067 to 0.113 long and begins at 0 to 0.068;
 * that of 1 is 0.091 to 0.24 long and is longest at 0.071 or more, or at least 0.15 long.
 */
const minFlag = 0.05;
const maxFlag = 0.125;
const maxFlagTop = 0.055;
const flagShare = 0.35;
/** Pixels. */
const minFlagged = 12;

interface Row {
  /** Columns, those at the edges of a stroke in part. */
  readonly ink: number;
  /** The middle of the ink. */
  readonly center: number;
  /** Its ends. */
  readonly left: number;
  readonly right: number;
}

/**
 * By the width of a stroke as a share of its height. The stem of l is thinner than that of I, and longer, in all of 16 free
 * families without serifs: I has 0.124 to 0.136 and l 0.115 to 0.121 in regular weights, 0.2 to 0.21 and 0.185 to 0.192 in bold
 * ones; | has 0.064 to 0.087.
 */
function bareStroke(share: number): 'I' | 'l' | '|' | undefined {
  if (share > maxStroke) return undefined;
  if (share < minLetter) return '|';
  return share < minCapital || (share >= minBold && share < minBoldCapital) ? 'l' : 'I';
}

const maxStroke = 0.24;
const minLetter = 0.093;
const minCapital = 0.1225;
const minBold = 0.18;
const minBoldCapital = 0.196;

/** Share of the fullest row, from which a row has ink. */
const minRow = 0.15;
/** Pixels. */
const minStem = 1;
const minHeight = 8;
/** Share of the height at either end in which a bracket has its arms. */
const armShare = 0.2;
/** Times the stem. */
const minArm = 1.6;
/** Share of an arm's length by which its middle is beside that of the stem. */
const minShift = 0.2;

/** Rows that have as much ink as the stem, in the same columns: one stroke without a gap. */
function isStraight(rows: readonly Row[], stem: number): boolean {
  const centers = rows.map(({ center }) => center);
  const spread = Math.max(...centers) - Math.min(...centers);
  return (
    rows.length > 0 && spread < stem * 0.5 && rows.every(({ ink }) => Math.abs(ink - stem) < Math.max(stem * 0.2, 0.3))
  );
}

/** Every second, third ... pixel of a large letter, so that no side has more than 256. */
function reduced(image: Image): Image {
  const step = Math.ceil(Math.max(image.width, image.height) / 256);
  if (step === 1) return image;
  const [width, height] = [Math.floor(image.width / step), Math.floor(image.height / step)];
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const from = (Math.floor(at / width) * step * image.width + (at % width) * step) * 3;
    data.set(image.data.subarray(from, from + 3), at * 3);
  }
  return { width, height, data };
}

function inkOfRows({ width, height, data }: Image): Row[] {
  const green = Array.from({ length: width * height }, (_, at) => data[at * 3 + 1] ?? 0);
  const edge = green.filter((_, at) => at % width === 0 || at % width === width - 1);
  const ground = median(edge);
  const strongest = green.reduce((most, value) => Math.max(most, Math.abs(value - ground)), 1);
  return Array.from({ length: height }, (_, y) => {
    let [ink, moment, left, right] = [0, 0, width, 0];
    for (let x = 0; x < width; x++) {
      const value = Math.abs((green[y * width + x] ?? 0) - ground) / strongest;
      if (value < noise) continue;
      if (ink === 0) left = x + 1 - value;
      ink += value;
      right = x + value;
      moment += value * (x + 0.5);
    }
    return { ink, center: ink === 0 ? width / 2 : moment / ink, left, right };
  });
}

/** Share of the contrast. */
const noise = 0.06;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
