import type { Point, Quad } from '../geometry/point.js';
import type { Size } from '../image/image.js';

/** What was read on one page of a document. Width and height are those of the page as it was read, in pixels. */
export interface Page extends Size {
  /**
   * Degrees by which the page was turned clockwise before it was read: 0, 90, 180 or 270. All regions are in the turned
   * page. The turn that a file itself asks for, such as a photo's EXIF orientation, is not counted: it belongs to
   * decoding. Of an answer of `ocr_system` it is 0, also if the page is turned: its regions are in the page as it is given,
   * and the order of their corners tells the direction of a line.
   */
  readonly rotation: Rotation;
  /** In reading order. */
  readonly lines: readonly PageLine[];
}

export type Rotation = 0 | 90 | 180 | 270;

export interface PageLine {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Whole pixels of the page; top-left, top-right, bottom-right, bottom-left. */
  readonly text_region: Quad;
  /** In the order of the text, where they were asked for with `return_word_box`. */
  readonly words?: readonly TextWord[];
}

/** A word, or a single Chinese, Japanese or Korean character. */
export interface TextWord {
  readonly text: string;
  /** Mean probability of its letters, 0 to 1. */
  readonly confidence: number;
  /** Whole pixels; corners in the order of those of the line. Of a line's page it is inside the line's `text_region`. */
  readonly region: Quad;
}

/**
 * Makes a page of what a module answered for one picture. Answers undefined unless the answer is a list of lines, each
 * with text, confidence and region.
 *
 * @example
 * toPage({ width: 800, height: 600 }, [{ text: 'Hello', confidence: 0.99, text_region: [[8, 8], [90, 8], [90, 30], [8, 30]] }]);
 */
export function toPage({ width, height }: Size, entry: unknown): Page | undefined {
  return isList(entry, isLine) ? { width, height, rotation: 0, lines: entry } : undefined;
}

/** The outlines of all lines in an answer. Items without an outline are skipped. */
export function regionsOf(entry: unknown): (readonly Point[])[] {
  if (!Array.isArray(entry)) return [];
  return entry.flatMap((line: unknown) => {
    const region = isRecord(line) ? line['text_region'] : undefined;
    return isList(region, isPoint) ? [region] : [];
  });
}

/** Whether a value has what is printed of a line. */
export function isReadText(value: unknown): value is Pick<PageLine, 'text' | 'confidence'> {
  return isRecord(value) && hasText(value);
}

function isLine(value: unknown): value is PageLine {
  if (!isRecord(value) || !hasText(value) || !isQuad(value['text_region'])) return false;
  return value['words'] === undefined || isList(value['words'], isWord);
}

function isWord(value: unknown): value is TextWord {
  return isRecord(value) && hasText(value) && isQuad(value['region']);
}

function hasText(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value['text'] === 'string' && Number.isFinite(value['confidence']);
}

function isQuad(value: unknown): value is Quad {
  return isList(value, isPoint) && value.length === 4;
}

function isPoint(value: unknown): value is Point {
  return isList(value, (part): part is number => Number.isFinite(part)) && value.length === 2;
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
