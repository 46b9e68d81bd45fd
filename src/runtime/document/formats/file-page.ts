import type { Point, Quad } from '../../geometry/point.js';
import type { PageLine, Rotation, TextWord } from '../page.js';
import type { ReadDocument, ReadPage } from '../read-document.js';
import { textCorners } from '../text-corners.js';
import { inFile, sizeInFile } from '../upright-page.js';

/**
 * A page as it is in its file, for formats that another program lays over the picture in the file. Regions are in pixels of
 * that picture: the turn before reading is undone. Corners are whole pixels inside the picture. Lines and words without
 * text are left out.
 */
export interface FilePage {
  readonly fileName: string;
  /** Place among the pages of all documents, from 1. */
  readonly index: number;
  /** Place in its file, from 1. */
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly dpi: number | undefined;
  /** Degrees clockwise by which the page must be turned to be upright. */
  readonly rotation: Rotation;
  readonly lines: readonly FileLine[];
}

export interface FileLine extends Area {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** At least one: the whole line where it has no words of its own. */
  readonly words: readonly FileWord[];
}

export interface FileWord extends Area {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Whether a space separates it from the word before. */
  readonly isSpaced: boolean;
}

export interface Area {
  /** Corners as of the text: its top-left, top-right, bottom-right, bottom-left. */
  readonly region: Quad;
  readonly box: Box;
}

/** The smallest upright rectangle around a region. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** All pages of all documents. */
export function filePages(documents: readonly ReadDocument[]): FilePage[] {
  return documents
    .flatMap(({ name, pages }) => pages.map((page) => ({ name, page })))
    .map(({ name, page }, i) => filePage(name, page, i + 1));
}

/** The smallest box around all areas. */
export function boxAround(areas: readonly Area[]): Box {
  return boxOf(areas.flatMap(({ region }) => region));
}

function filePage(fileName: string, page: ReadPage, index: number): FilePage {
  const { number, dpi, rotation } = page;
  const { width, height } = sizeInFile(page);
  const areaOf = (region: Quad): Area => {
    const [a, b, c, d] = region;
    const corners = [a, b, c, d].map((point) => inside(inFile(point, page), width, height));
    return { region: corners as unknown as Quad, box: boxOf(corners) };
  };
  const lines = page.lines.filter(hasText).map((line) => {
    const ordered = textCorners(line);
    const words = wordsOf(line, (region) => areaOf(ordered(region)));
    return { text: line.text, confidence: share(line.confidence), words, ...areaOf(ordered(line.text_region)) };
  });
  return { fileName, index, number, width, height, dpi, rotation, lines };
}

function inside([x, y]: Point, width: number, height: number): Point {
  return [Math.min(Math.max(Math.round(x), 0), width - 1), Math.min(Math.max(Math.round(y), 0), height - 1)];
}

function boxOf(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
  return { left: least(xs), top: least(ys), right: most(xs), bottom: most(ys) };
}

function wordsOf(line: PageLine, areaOf: (region: Quad) => Area): FileWord[] {
  const words: readonly TextWord[] = line.words?.filter(hasText) ?? [];
  const { text, confidence, text_region: region } = line;
  const separate = words.length === 0 ? [{ text, confidence, region }] : words;
  let end = 0;
  return separate.map((word, i) => {
    const start = text.indexOf(word.text, end);
    const isSpaced = i > 0 && (start < 0 || /\s/u.test(text.slice(end, start)));
    if (start >= 0) end = start + word.text.length;
    return { text: word.text, confidence: share(word.confidence), isSpaced, ...areaOf(word.region) };
  });
}

function hasText({ text }: { readonly text: string }): boolean {
  return text.trim() !== '';
}

function share(confidence: number): number {
  return Math.min(Math.max(confidence, 0), 1);
}
