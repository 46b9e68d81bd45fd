import { columnSums, rowSums, type InkMap } from './ink-map.js';

/** What all glyphs of a display have in common, in pixels. */
export interface GlyphForm {
  readonly top: number;
  /** Exclusive. */
  readonly bottom: number;
  /** Width of a whole digit. */
  readonly width: number;
  /** Thickness of a segment. */
  readonly stroke: number;
}

/** A digit, a minus or a colon on a display. */
export interface Glyph {
  readonly text: string;
  readonly left: number;
  /** Exclusive. Digits end at the right end of their room, also a 1. */
  readonly right: number;
}

/**
 * Tells which digit of seven segments stands in the columns from `left` to `right`.
 *
 * @returns undefined if a segment is neither on nor off, and if the segments that are on make no digit
 */
export function segmentGlyph(map: InkMap, form: GlyphForm, left: number, right: number): Glyph | undefined {
  const { top, bottom, width, stroke } = form;
  const height = bottom - top;
  const row = (share: number): number => top + height * share;
  const size = right - left;
  if (size < width * maxNarrow) {
    const shares = Array.from(rowSums(map, left, right), (sum) => Math.min(sum / Math.min(stroke, size), 1));
    const filled = (from: number, to: number): number => mean(shares.slice(Math.round(row(from)), Math.round(row(to))));
    const all = (spans: readonly Span[], isLike: (share: number) => boolean): boolean =>
      spans.every(([start, end]) => isLike(filled(start, end)));
    if (size <= stroke * maxStem && all(strokeEnds, isOn) && all(dots, isOn)) return { text: '1', left, right };
    return all(besideDots, isOff) && all(dots, isOn) ? { text: ':', left, right } : undefined;
  }
  const from = right - width;
  const reach = stroke * maxOff;
  const [inner, outer] = [Math.round(from + width * endShare), Math.round(right - width * endShare)];
  const rows = rowSums(map, inner, outer);
  /** The fullest row of a horizontal segment. */
  const across = (y: number): number => Math.max(...rows.subarray(...around(y, reach))) / (outer - inner);
  /** The fullest column of a vertical segment. */
  const down = (x: number, start: number, end: number): number => {
    const [first, last] = [Math.round(row(start)), Math.round(row(end))];
    return Math.max(...columnSums(map, first, last).subarray(...around(x, reach))) / (last - first);
  };
  const half = stroke / 2;
  const lit = [
    across(top + half),
    down(right - half, 0.2, 0.36),
    down(right - half, 0.64, 0.8),
    across(bottom - half),
    down(from + half, 0.64, 0.8),
    down(from + half, 0.2, 0.36),
    across((top + bottom) / 2),
  ];
  if (lit.some((share) => !isOn(share) && !isOff(share))) return undefined;
  const pattern = lit.map((share, i) => (isOn(share) ? (segments[i] ?? '') : '')).join('');
  const text = digits[pattern];
  if (text === '-') return { text, left, right: right + half };
  return text === undefined ? undefined : { text, left, right };
}

/** Clockwise from the upper one; the last one is in the middle. */
const segments = 'abcdefg';

/** By the segments that are on. 6, 7 and 9 are drawn with and without a segment at their end. */
const digits: Readonly<Partial<Record<string, string>>> = {
  abcdef: '0',
  abdeg: '2',
  abcdg: '3',
  bcfg: '4',
  acdfg: '5',
  acdefg: '6',
  cdefg: '6',
  abc: '7',
  abcf: '7',
  abcdefg: '8',
  abcdfg: '9',
  abcfg: '9',
  g: '-',
};

/** Shares of a segment that is on and of one that is off. */
const isOn = (share: number): boolean => share > 0.5;
const isOff = (share: number): boolean => share < 0.25;
type Span = readonly [from: number, to: number];

/** Shares of the height. A colon has dots that are as wide as its strokes; a 1 is longer. */
const strokeEnds: readonly Span[] = [
  [0.13, 0.18],
  [0.82, 0.87],
];
const dots: readonly Span[] = [
  [0.27, 0.33],
  [0.67, 0.73],
];
const besideDots: readonly Span[] = [
  [0.05, 0.16],
  [0.46, 0.54],
  [0.84, 0.95],
];

/** Share of a digit's width at both ends of a horizontal segment that belongs to others too. */
const endShare = 0.3;
/** Times the thickness of a segment, from the middle of where it is looked for. */
const maxOff = 0.75;
/** Times the width of a digit. */
const maxNarrow = 0.5;
/** Times the thickness of a segment. */
const maxStem = 1.7;

/** The whole pixels within a distance. */
function around(middle: number, distance: number): [from: number, to: number] {
  return [Math.max(Math.ceil(middle - distance - 0.5), 0), Math.floor(middle + distance - 0.5) + 1];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
