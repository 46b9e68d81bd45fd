import type { PageLine, TextWord } from '../page.js';
import type { ReadDocument, ReadPage } from '../read-document.js';
import { lineAngle } from '../text-corners.js';
import { inFile, mapRegions, sizeInFile } from '../upright-page.js';

/** `{"documents":[…]}` with all documents, on one row. docs/formats.md describes the members. */
export function writeJson(documents: readonly ReadDocument[]): string {
  return `${JSON.stringify({ documents: documents.map(toJsonDocument) })}\n`;
}

/** A document as it stands in JSON. Other members of pages, lines and words are left out. */
export function toJsonDocument({ name, pages }: ReadDocument): JsonDocument {
  return { name, pages: pages.map(pageOf) };
}

export interface JsonDocument {
  readonly name: string;
  readonly pages: readonly JsonPage[];
}

/** The members of `ReadPage`, with its number as `page`. Size and regions are those of the page in its file. */
export interface JsonPage extends Omit<ReadPage, 'number' | 'lines'> {
  readonly page: number;
  readonly lines: readonly JsonLine[];
}

export interface JsonLine extends PageLine {
  /** Degrees clockwise by which its text is turned in the page: 0 to below 360. */
  readonly angle: number;
}

function pageOf(page: ReadPage): JsonPage {
  const { number, rotation, dpi, lines } = page;
  const resolution = dpi === undefined ? {} : { dpi };
  const inItsFile = lines.map((line) => lineOf(mapRegions(line, (point) => inFile(point, page))));
  return { page: number, ...sizeInFile(page), rotation, ...resolution, lines: inItsFile };
}

function lineOf(line: PageLine): JsonLine {
  const { text, confidence, text_region, words } = line;
  const angle = lineAngle(line);
  return { text, confidence, text_region, angle, ...(words === undefined ? {} : { words: words.map(wordOf) }) };
}

function wordOf({ text, confidence, region }: TextWord): TextWord {
  return { text, confidence, region };
}
