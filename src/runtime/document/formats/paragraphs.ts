import type { Point } from '../../geometry/point.js';
import type { Page, PageLine } from '../page.js';
import { isRightToLeft, oneRow } from '../line-text.js';
import { textCorners } from '../text-corners.js';

/**
 * The text of a page as paragraphs, found from the regions of the lines. A line continues the paragraph of the line above
 * if their sizes, their distance and their left edges fit, and if its first word had no room at the end of the line above.
 * Lines of short columns, such as those of a table, stay apart. Columns of vertical text are joined like lines.
 */
export function paragraphsOf(page: Page): string[] {
  return paragraphsWithLines(page).map(({ text }) => text);
}

export interface Paragraph {
  readonly text: string;
  readonly lines: readonly PageLine[];
}

/** The paragraphs with the lines of which they are made. */
export function paragraphsWithLines({ lines }: Page): Paragraph[] {
  const written = lines.filter(({ text }) => text.trim() !== '');
  const compounds = compoundsOf(written);
  const paragraphs = rowsByDirection(written).flatMap(columnsOf).flatMap(splitColumn);
  return paragraphs
    .toSorted((a, b) => (a[0]?.index ?? 0) - (b[0]?.index ?? 0))
    .map((rows) => ({
      text: rows.map(({ text }) => text).reduce((text, next) => joinLines(text, next, compounds)),
      lines: rows.flatMap(({ index }) => written[index] ?? []),
    }));
}

/** A line, after the tilt of the page is undone. Its text runs from `start` to `end`, also if it is read from the right. */
interface Row {
  /** Place in reading order. */
  readonly index: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly middle: number;
  readonly height: number;
}

// All distances are in heights of a line, which the detector draws about as high as the font.

/** Double spacing is 2.1 heights. */
const maxStep = 2.3;
/** Times the usual distance of two lines of the column. */
const maxStepRatio = 1.3;
/** A line without ascenders and descenders has two thirds of the height of one with both. */
const maxHeightRatio = 1.5;
const minIndent = 0.8;
const maxIndent = 6;
const spaceWidth = 0.3;
/** Ends of lines that are justified vary by less. */
const endTolerance = 0.5;

/** Columns of text have lines with more letters than cells of a table and rows of a form. */
const minColumnLetters = 22;
/** A Chinese character says as much as so many letters. */
const lettersPerCharacter = 2.5;

interface DirectedLine {
  readonly index: number;
  readonly line: PageLine;
  /** The way its text runs, in radians. */
  readonly direction: number;
}

/** The rows of each direction of text on the page. Vertical text runs down, and its next row is to the left. */
function rowsByDirection(lines: readonly PageLine[]): Row[][] {
  let rest = lines.map((line, index): DirectedLine => {
    const [[ax, ay], [bx, by]] = textCorners(line)(line.text_region);
    return { index, line, direction: Math.atan2(by - ay, bx - ax) };
  });
  const groups: Row[][] = [];
  while (rest.length > 0) {
    const tilt = median(rest.map(({ direction }) => direction));
    const isSame = ({ direction }: DirectedLine): boolean => Math.cos(direction - tilt) >= Math.SQRT1_2;
    groups.push(rowsOf(rest.filter(isSame), tilt));
    rest = rest.filter((line) => !isSame(line));
  }
  return groups;
}

function rowsOf(lines: readonly DirectedLine[], tilt: number): Row[] {
  const turned = ([x, y]: Point): Point => [
    x * Math.cos(tilt) + y * Math.sin(tilt),
    y * Math.cos(tilt) - x * Math.sin(tilt),
  ];
  const fromRight = lines.filter(({ line }) => isRightToLeft(line.text)).length * 2 > lines.length;
  return lines.map(({ index, line: { text, text_region } }) => {
    const corners = text_region.map(turned);
    const xs = corners.map(([x]) => x);
    const ys = corners.map(([, y]) => y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const [start, end] = fromRight ? [-right, -left] : [left, right];
    return {
      index,
      text: oneRow(text).trim(),
      start,
      end,
      middle: (top + bottom) / 2,
      height: Math.max(bottom - top, 1),
    };
  });
}

/** Groups rows that stand below each other. Rows of columns side by side come in turns. */
function columnsOf(rows: readonly Row[]): Row[][] {
  const columns: Row[][] = [];
  for (const row of rows) {
    const fitting = columns.filter((column) => isBelow(column.at(-1), row));
    const nearest = fitting.toSorted((a, b) => stepTo(row, a.at(-1)) - stepTo(row, b.at(-1)))[0];
    if (nearest === undefined) columns.push([row]);
    else nearest.push(row);
  }
  return columns;
}

function stepTo(row: Row, above: Row | undefined): number {
  return above === undefined ? Infinity : row.middle - above.middle;
}

function isBelow(above: Row | undefined, row: Row): boolean {
  if (above === undefined) return false;
  const [lower, higher] = above.height < row.height ? [above.height, row.height] : [row.height, above.height];
  const step = stepTo(row, above);
  if (higher > lower * maxHeightRatio || step < lower * 0.5 || step > higher * maxStep) return false;
  const overlap = Math.min(above.end, row.end) - Math.max(above.start, row.start);
  return overlap >= Math.min(above.end - above.start, row.end - row.start) * 0.5;
}

function splitColumn(rows: readonly Row[]): Row[][] {
  const steps = rows.slice(1).map((row, i) => stepTo(row, rows[i]));
  // Most steps may lead to a new paragraph, and those are the longer ones.
  const usualStep = steps.toSorted((a, b) => a - b)[Math.floor((steps.length - 1) / 4)] ?? 0;
  const paragraphs: Row[][] = [];
  rows.forEach((row, i) => {
    const paragraph = paragraphs.at(-1);
    const above = rows[i - 1];
    const isNear = above !== undefined && stepTo(row, above) <= usualStep * maxStepRatio;
    // A line above or below may belong to a wider column.
    const around = rows.slice(Math.max(0, i - 2), i + 2);
    if (paragraph === undefined || !isNear || !continues(paragraph, above, row, around)) paragraphs.push([row]);
    else paragraph.push(row);
  });
  return paragraphs;
}

function continues(paragraph: readonly Row[], above: Row, row: Row, around: readonly Row[]): boolean {
  const end = Math.max(...around.map((other) => other.end));
  const letters = Math.max(...around.map(({ text }) => lettersOf(text)));
  if (letters < minColumnLetters || listMarker.test(row.text)) return false;
  return fitsLeft(paragraph, above, row) && end - above.end < roomFor(row) + endTolerance * above.height;
}

function lettersOf(text: string): number {
  return Array.from(text).reduce((count, letter) => count + (unspaced.test(letter) ? lettersPerCharacter : 1), 0);
}

/** Whether a line's left edge fits that of the line above: both the same, or the paragraph's first line is indented. */
function fitsLeft(paragraph: readonly Row[], above: Row, row: Row): boolean {
  const indent = (row.start - above.start) / above.height;
  if (Math.abs(indent) < minIndent) return true;
  const isFirst = paragraph.length === 1;
  const isItem = listMarker.test(above.text);
  return isFirst && Math.abs(indent) <= maxIndent && isItem === indent > 0;
}

/** `- `, `12. `, `a) `, and those without a space behind them: `•`, `①`, `1、`, `（一）`. */
const listMarker =
  /^(?:(?:[-*·–—]|\(?(?:\p{Nd}{1,3}|\p{L})[.)])\s|[•‣◦●○■□▪◆◇▶►\u{2460}-\u{2473}]|(?:\p{Nd}{1,3}|[一二三四五六七八九十]{1,3})、|（(?:\p{Nd}{1,3}|[一二三四五六七八九十]{1,3})）)/u;

/** The width that the first word of a line needs behind the line above, with a space. */
function roomFor({ text, start, end, height }: Row): number {
  const length = Array.from(text).length;
  // A character without spaces around it can stand alone. One that must not end or begin a line takes a second along.
  const first = unspaced.test(firstOf(text)) ? 2 : Array.from(/^\S+/u.exec(text)?.[0] ?? '').length;
  return ((end - start) * Math.min(first, length)) / length + spaceWidth * height;
}

/**
 * Joins a text with the next line of its paragraph. A hyphen between two lower-case letters is taken for a division, unless
 * the word has another hyphen, or the page has the word with a hyphen elsewhere.
 */
function joinLines(text: string, next: string, compounds: ReadonlySet<string>): string {
  if (text.endsWith('\u{ad}')) return text.slice(0, -1) + next;
  const first = /[\p{L}\p{N}]*[-\u{2010}]$/u.exec(text)?.[0] ?? '';
  if (first.length > 1) {
    const second = /^[\p{L}\p{N}]+/u.exec(next)?.[0] ?? '';
    if (conjunction.test(next)) return `${text} ${next}`;
    const isCompound =
      /[-\u{2010}]$/u.test(text.slice(0, -first.length)) ||
      shortLink.test(next) ||
      compounds.has(compoundOf(first.slice(0, -1), second));
    const isDivided = !isCompound && /\p{Ll}[-\u{2010}]$/u.test(first) && /^\p{Ll}/u.test(second);
    return (isDivided ? text.slice(0, -1) : text) + next;
  }
  if (wideMark.test(lastOf(text)) || wideMark.test(firstOf(next))) return text + next;
  const isUnspaced =
    unspaced.test(lastOf(text.replace(marksAtEnd, ''))) && unspaced.test(firstOf(next.replace(marksAtStart, '')));
  return isUnspaced ? text + next : `${text} ${next}`;
}

const marksAtEnd = /[\p{P}\p{S}\s]+$/u;
const marksAtStart = /^[\p{P}\p{S}\s]+/u;

/** After a hyphen that stands for the rest of a word: `first- and second-class`, `Vor- und Nachteile`. */
const conjunction = /^(?:and|or|to|und|oder|bis|et|ou|en|of)(?=\s)/u;
/** A short word in the middle of a compound: `up-to-date`. */
const shortLink = /^\p{L}{1,3}[-\u{2010}]\p{L}/u;

/** The pairs of words that are written with a hyphen inside of a line. */
function compoundsOf(lines: readonly PageLine[]): ReadonlySet<string> {
  const compounds = new Set<string>();
  for (const { text } of lines)
    for (const [, first = '', second = ''] of text.matchAll(/([\p{L}\p{N}]+)[-\u{2010}](?=([\p{L}\p{N}]+))/gu))
      compounds.add(compoundOf(first, second));
  return compounds;
}

function compoundOf(first: string, second: string): string {
  return `${first}-${second}`.toLowerCase();
}

/** Scripts without spaces between words, and their punctuation. Korean has spaces. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u{3000}-\u{303f}\u{ff00}-\u{ffef}]/u;

const wideMark = /[\u{3000}-\u{303f}\u{ff01}-\u{ff0f}\u{ff1a}-\u{ff20}]/u;

function firstOf(text: string): string {
  return Array.from(text.slice(0, 2))[0] ?? '';
}

function lastOf(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? '';
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
