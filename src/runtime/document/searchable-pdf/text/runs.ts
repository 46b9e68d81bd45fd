import type { PageLine } from '../../page.js';
import { frameOf, ownCorners, spanOf, upsideDown, type LineFrame, type Span } from './line-frame.js';
import { areGlued, partsByWords, partsInProportion, type Part } from './line-parts.js';
import { widthOf } from './text-codes.js';
import { visualOrder, type VisualOrder } from './visual-order.js';

/** Text that is stretched over one box: a word, or characters without a space between them that are evenly wide. */
export interface Run extends Span {
  /** From left to right, also of a script that is written from right to left. */
  readonly text: string;
  /** Whether a space comes before the next run. */
  readonly spaceAfter: boolean;
}

export interface LineRuns {
  readonly frame: LineFrame;
  /** From left to right. */
  readonly runs: readonly Run[];
}

/** Cuts a line into runs: by its words, or else in proportion to the natural widths of its characters. */
export function runsOf(line: PageLine): LineRuns {
  const text = line.text
    .replace(/\p{Cc}+|\s+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const order = visualOrder(text);
  const corners = ownCorners(line.text_region, Array.from(text).length);
  const upright = frameOf(corners);
  const words = partsByWords(text, line.words ?? []);
  const parts = words ?? partsInProportion(text, order, corners);
  const frame = words !== undefined && isUpsideDown(words, upright, order) ? upsideDown(upright) : upright;
  const placed = parts.map((part) => ({ ...part, ...spanOf(part.region, frame) }));
  if (order.hasRightToLeft) placed.sort((a, b) => a.from - b.from);
  return { frame, runs: merged(spaced(leveled(toRuns(placed, order)))) };
}

/** Whether the words stand in the wrong order: the classifier turned the line before it was read. */
function isUpsideDown(words: readonly Part[], frame: LineFrame, { isRightToLeft }: VisualOrder): boolean {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined || first === last) return false;
  const [a, b] = [spanOf(first.region, frame), spanOf(last.region, frame)];
  return b.from + b.to < a.from + a.to !== isRightToLeft;
}

/** Between parts that are no neighbors in the text there is always a space. */
function toRuns(parts: readonly (Part & Span)[], order: VisualOrder): Run[] {
  return parts.map((part, i) => {
    const { start, end, from, to, bottom, top } = part;
    const next = parts[i + 1];
    const spaceAfter = next !== undefined && !areGlued(part, next);
    return { text: order.textOf(start, end), from, to, bottom, top, spaceAfter };
  });
}

/** Gives neighbors that are almost on the same base line and equally high the same, so that readers see one line. */
function leveled(runs: readonly Run[]): Run[] {
  const isNear = (run: Run, { bottom, top }: Pick<Span, 'bottom' | 'top'>): boolean =>
    Math.max(Math.abs(run.bottom - bottom), Math.abs(run.top - top)) <= maxUnevenness * (top - bottom);
  let level = { bottom: median(runs.map(({ bottom }) => bottom)), top: median(runs.map(({ top }) => top)) };
  return runs.map((run) => {
    if (!isNear(run, level)) level = { bottom: run.bottom, top: run.top };
    return { ...run, ...level };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Share of the height. */
const maxUnevenness = 0.12;

/**
 * Readers of PDF files find spaces by the gaps between characters. Runs that belong together get no gap, and runs with a
 * space between them a gap that is wide enough.
 */
function spaced(runs: readonly Run[]): Run[] {
  return runs.map((run, i) => {
    const next = runs[i + 1];
    if (next === undefined) return run;
    if (!run.spaceAfter) return { ...run, to: next.from > run.from ? next.from : run.to };
    const latest = next.from - minGap * (run.top - run.bottom);
    const shortest = run.from + minWordLength * (run.to - run.from);
    return { ...run, to: Math.max(Math.min(run.to, latest), shortest) };
  });
}

/** Of the height; poppler sees a space from 0.15. */
const minGap = 0.2;

/** Of the word's own length. */
const minWordLength = 0.75;

/** Joins runs without a space between them while each would stay close to its own box. */
function merged(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  let parts: Run[] = [];
  for (const run of runs) {
    if (parts.length > 0 && !(parts.at(-1)?.spaceAfter === false && isEven([...parts, run]))) {
      result.push(joined(parts));
      parts = [];
    }
    parts.push(run);
  }
  return parts.length > 0 ? [...result, joined(parts)] : result;
}

function joined(parts: readonly Run[]): Run {
  const [first = emptyRun] = parts;
  const { to, spaceAfter } = parts.at(-1) ?? first;
  return { ...first, to, spaceAfter, text: parts.map(({ text }) => text).join('') };
}

const emptyRun: Run = { text: '', spaceAfter: false, from: 0, to: 0, bottom: 0, top: 0 };

/** Whether each part keeps its place when all are stretched alike. */
function isEven(parts: readonly Run[]): boolean {
  const whole = joined(parts);
  const scale = (whole.to - whole.from) / widthOf(whole.text);
  let from = whole.from;
  return parts.every((part) => {
    if (part.bottom !== whole.bottom || part.top !== whole.top) return false;
    const to = from + widthOf(part.text) * scale;
    const overlap = Math.min(to, part.to) - Math.max(from, part.from);
    const union = Math.max(to, part.to) - Math.min(from, part.from);
    from = to;
    return overlap >= minOverlap * union;
  });
}

/** Intersection over union along the line. */
const minOverlap = 0.85;
