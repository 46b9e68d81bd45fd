import { PDFDocument, PDFName, PDFRawStream, type PDFObject } from '@cantoo/pdf-lib';
import { openDocument } from '../../src/runtime/document/open.js';
import type { PageLine } from '../../src/runtime/document/page.js';
import type { ReadPage } from '../../src/runtime/document/read-document.js';
import type { Point, Quad } from '../../src/runtime/geometry/point.js';
import type { Image } from '../../src/runtime/image/image.js';

/** A box of a size at a place, turned clockwise around its first corner. */
export function turnedBox([x, y]: Point, [width, height]: Point, degrees = 0): Quad {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const corner = (along: number, down: number): Point => [
    Math.round(x + along * cos - down * sin),
    Math.round(y + along * sin + down * cos),
  ];
  return [corner(0, 0), corner(width, 0), corner(width, height), corner(0, height)];
}

export function lineOf(text: string, text_region: Quad, words?: PageLine['words']): PageLine {
  return { text, confidence: 0.9, text_region, ...(words === undefined ? {} : { words }) };
}

export function pageOf(lines: readonly PageLine[], page: Partial<ReadPage> = {}): ReadPage {
  return { number: 1, width: 800, height: 600, rotation: 0, lines, ...page };
}

interface FoundWord {
  readonly text: string;
  readonly region: Quad;
}

export interface FoundPage {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
  readonly words: readonly FoundWord[];
  /** The page as pdfium draws it. */
  readonly image: Image;
}

/** What pdfium finds on the pages of a PDF file, in pixels at a resolution. */
export async function readBack(pdf: Uint8Array, dpi = 200): Promise<FoundPage[]> {
  const document = await openDocument(pdf, { dpi });
  const found: FoundPage[] = [];
  for await (const { number, image } of document.pages()) {
    const lines = document.textOf(number)?.lines ?? [];
    const words = lines.flatMap(({ words: own }) => own ?? []);
    found.push({ width: image.width, height: image.height, lines: lines.map(({ text }) => text), words, image });
  }
  document.close();
  return found;
}

/** Intersection over union of the upright boxes around two regions. */
export function boxIou(a: readonly Point[], b: readonly Point[]): number {
  const [p, q] = [around(a), around(b)];
  const overlap = (low: 0 | 1, high: 2 | 3): number =>
    Math.max(0, Math.min(p[high], q[high]) - Math.max(p[low], q[low]));
  const intersection = overlap(0, 2) * overlap(1, 3);
  const area = ([x0, y0, x1, y1]: Box): number => (x1 - x0) * (y1 - y0);
  return intersection / (area(p) + area(q) - intersection);
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

function around(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The dictionary entries and the raw bytes of each picture of a PDF file. */
export async function picturesIn(pdf: Uint8Array): Promise<{ entries: Record<string, string>; data: Uint8Array }[]> {
  const { context } = await PDFDocument.load(pdf, { updateMetadata: false });
  return context.enumerateIndirectObjects().flatMap(([, object]: [unknown, PDFObject]) => {
    if (!(object instanceof PDFRawStream)) return [];
    if (object.dict.get(PDFName.of('Subtype')) !== PDFName.of('Image')) return [];
    const entries = object.dict.entries().map(([name, value]) => [name.asString().slice(1), value.toString()]);
    return [{ entries: Object.fromEntries(entries) as Record<string, string>, data: object.contents }];
  });
}
