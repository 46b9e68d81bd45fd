import type { PageLine } from '../../../document/page.js';
import type { ReadPage } from '../../../document/read-document.js';
import type { Quad } from '../../../geometry/point.js';
import type { Job } from '../../../jobs/job.js';
import { boundsOf } from '../lines/bounds.js';
import { toContent, type ContentLine, type ContentParagraph, type Span } from './content.js';
import type { AnalyzeData } from './request.js';

/** The `analyzeResult` of a document. */
export function toAnalyzeResult(pages: readonly ReadPage[], data: AnalyzeData, isPdf: boolean): object {
  const content = toContent(pages, data);
  const scales = pages.map(({ dpi }) => (isPdf && dpi !== undefined ? 1 / dpi : 1));
  const isLayout = data.model === 'prebuilt-layout';
  return {
    apiVersion: data.apiVersion,
    modelId: data.model,
    stringIndexType: data.stringIndexType,
    content: content.text,
    pages: content.pages.map(({ page, span, lines }, i) => {
      const scale = scales[i] ?? 1;
      return {
        pageNumber: page.number,
        angle: angleOf(page.lines),
        width: scaled(page.width, scale),
        height: scaled(page.height, scale),
        unit: scale === 1 ? 'pixel' : 'inch',
        words: lines.flatMap((line) => wordsOf(line, scale)),
        lines: lines.map(({ line, span: place }) => ({
          content: line.text,
          polygon: polygonOf(line.text_region, scale),
          spans: [place],
        })),
        spans: [span],
      };
    }),
    paragraphs: content.pages.flatMap(({ page, paragraphs }, i) =>
      paragraphs.map((paragraph) => toParagraph(paragraph, page.number, scales[i] ?? 1)),
    ),
    ...(isLayout ? { tables: [], figures: [] } : {}),
    styles: [],
    ...(data.family === 'documentintelligence' ? { contentFormat: data.contentFormat } : {}),
  };
}

/** What is told of a job at its address. */
export function toOperation({ state, createdAt, finishedAt }: Job, rest: object): object {
  const status = { waiting: 'running', running: 'running', done: 'succeeded', failed: 'failed' }[state];
  return {
    status,
    createdDateTime: timeOf(createdAt),
    lastUpdatedDateTime: timeOf(finishedAt ?? createdAt),
    ...rest,
  };
}

/** Some clients do not read milliseconds. */
function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function wordsOf({ line, span, words }: ContentLine, scale: number): object[] {
  const whole = { text: line.text, confidence: line.confidence, region: line.text_region };
  return (line.words ?? [whole]).map(({ text, confidence, region }, i) => ({
    content: text,
    polygon: polygonOf(region, scale),
    confidence,
    span: words[i] ?? span,
  }));
}

function toParagraph({ text, lines }: ContentParagraph, pageNumber: number, scale: number): object {
  const corners = lines.flatMap(({ line }) => line.text_region);
  const [left, top, right, bottom] = boundsOf(corners);
  const box: Quad = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
  return {
    content: text,
    boundingRegions: [{ pageNumber, polygon: polygonOf(box, scale) }],
    spans: joined(lines.map(({ span }) => span)),
  };
}

/** Places that are one line end apart are one place. */
function joined(spans: readonly Span[]): Span[] {
  const places: Span[] = [];
  for (const span of spans) {
    const last = places.at(-1);
    if (last !== undefined && last.offset + last.length + 1 === span.offset) {
      places[places.length - 1] = { offset: last.offset, length: span.offset + span.length - last.offset };
    } else {
      places.push(span);
    }
  }
  return places;
}

/** Degrees clockwise by which the lines of a page are tilted: the median of their upper edges. */
function angleOf(lines: readonly PageLine[]): number {
  const angles = lines.map(({ text_region: [[ax, ay], [bx, by]] }) => (Math.atan2(by - ay, bx - ax) * 180) / Math.PI);
  const median = angles.sort((a, b) => a - b)[Math.floor(angles.length / 2)] ?? 0;
  return Math.round(median * 100) / 100;
}

function polygonOf(region: Quad, scale: number): number[] {
  return region.flat().map((value) => scaled(value, scale));
}

function scaled(value: number, scale: number): number {
  return Math.round(value * scale * 10_000) / 10_000;
}
