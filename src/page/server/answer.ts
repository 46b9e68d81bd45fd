/** A page of a file, and what the module answered for it. */
export interface ReadPage {
  /** From 1. */
  readonly number: number;
  /** Pixels, in which the regions are. */
  readonly width: number;
  readonly height: number;
  /** A JPEG file in base64. */
  readonly picture: string | undefined;
  readonly lines: readonly Line[];
  /** The answer of the module. */
  readonly entry: unknown;
}

/** A line, or another item of an answer that has a text or a place. */
export interface Line {
  /** Empty for a module that finds places alone. */
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number | undefined;
  readonly region: Quad | undefined;
}

export type Point = readonly [number, number];
export type Quad = readonly [Point, Point, Point, Point];

/**
 * The pages of the only file of a request that asked for pictures of the pages.
 *
 * @param answer HubServing's, parsed
 * @throws TypeError if it has no pages
 */
export function pagesOf(answer: unknown): readonly ReadPage[] {
  const { pages, results } = record(answer);
  const list: unknown = Array.isArray(pages) ? pages[0] : undefined;
  if (!Array.isArray(list)) throw new TypeError('The answer has no pages. Is it a server of ocrhub 0.2 or later?');
  return list.map((item: unknown) => {
    const { page, width, height, picture, result } = record(item);
    // A module without an entry for each page answers for all of them at once.
    const entry = result ?? results;
    return {
      number: finite(page) ?? 1,
      width: finite(width) ?? 1,
      height: finite(height) ?? 1,
      picture: typeof picture === 'string' ? picture : undefined,
      lines: linesOf(entry),
      entry,
    };
  });
}

/** What has a text, a label or a region, also in lists within the answer. */
function linesOf(entry: unknown): Line[] {
  if (Array.isArray(entry)) return entry.flatMap((item) => linesOf(item));
  const { text, angle, confidence, text_region } = record(entry);
  const region = regionOf(text_region);
  const shown = typeof text === 'string' ? text : typeof angle === 'number' ? `${angle}°` : undefined;
  if (shown === undefined && region === undefined) return [];
  return [{ text: shown ?? '', confidence: finite(confidence), region }];
}

function regionOf(value: unknown): Quad | undefined {
  const isQuad = Array.isArray(value) && value.length === 4 && value.every(isPoint);
  return isQuad ? (value as unknown as Quad) : undefined;
}

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 2 && value.every((number) => finite(number) !== undefined);
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The text of pages, a row for each line and an empty row between two pages. */
export function textOf(pages: readonly ReadPage[]): string {
  const texts = pages.map(({ lines }) => lines.flatMap(({ text }) => (text === '' ? [] : [text])).join('\n'));
  return texts.filter((text) => text !== '').join('\n\n');
}
