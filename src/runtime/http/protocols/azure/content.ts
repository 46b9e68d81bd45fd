import { escapeMarkdown } from '../../../document/formats/markdown.js';
import { paragraphsWithLines } from '../../../document/formats/paragraphs.js';
import { oneRow } from '../../../document/line-text.js';
import type { PageLine } from '../../../document/page.js';
import type { ReadPage } from '../../../document/read-document.js';
import type { AnalyzeData } from './request.js';

/** A place in the content. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** The text of a document, and where each line and word stands in it. */
export interface Content {
  readonly text: string;
  readonly pages: readonly ContentPage[];
}

interface ContentPage {
  readonly page: ReadPage;
  readonly span: Span;
  /** In the order of the content. */
  readonly lines: readonly ContentLine[];
  readonly paragraphs: readonly ContentParagraph[];
}

export interface ContentLine {
  readonly line: PageLine;
  readonly span: Span;
  /** Of its words, or of the whole line if the module answers no words. */
  readonly words: readonly Span[];
}

export interface ContentParagraph {
  readonly text: string;
  readonly lines: readonly ContentLine[];
}

/**
 * Writes the pages one after the other. As text, each line is a row. As Markdown, paragraphs are apart by an empty row, and
 * pages by a comment that the service has there.
 */
export function toContent(
  pages: readonly ReadPage[],
  { contentFormat, stringIndexType }: Pick<AnalyzeData, 'contentFormat' | 'stringIndexType'>,
): Content {
  const isMarkdown = contentFormat === 'markdown';
  const measure = measures[stringIndexType];
  let text = '';
  let offset = 0;
  const add = (piece: string): Span => {
    const span = { offset, length: measure(piece) };
    text += piece;
    offset += span.length;
    return span;
  };
  const addLine = (line: PageLine): ContentLine => {
    const row = oneRow(line.text);
    const written = isMarkdown ? escapeMarkdown(row) : row;
    const start = offset;
    const span = add(written);
    return {
      line,
      span,
      words: wordSpans(line, written, isMarkdown).map(([from, to]) => {
        const before = measure(written.slice(0, from));
        return { offset: start + before, length: measure(written.slice(from, to)) };
      }),
    };
  };
  const addPage = (page: ReadPage, index: number): ContentPage => {
    if (index > 0) add(isMarkdown ? '\n\n<!-- PageBreak -->\n\n' : '\n');
    const start = offset;
    const paragraphs = paragraphsWithLines(page);
    const order = isMarkdown ? paragraphs.map((paragraph) => paragraph.lines) : [page.lines];
    const written = new Map<PageLine, ContentLine>();
    order.forEach((lines, i) => {
      if (i > 0) add('\n\n');
      lines.forEach((line, j) => {
        if (j > 0) add('\n');
        written.set(line, addLine(line));
      });
    });
    return {
      page,
      span: { offset: start, length: offset - start },
      lines: [...written.values()],
      paragraphs: paragraphs.map((paragraph) => ({
        text: paragraph.text,
        lines: paragraph.lines.flatMap((line) => written.get(line) ?? []),
      })),
    };
  };
  const written = pages.map(addPage);
  return { text, pages: written };
}

/** Where the words of a line begin and end in its written form. A word that is not found has the place of the line. */
function wordSpans({ words, text }: PageLine, written: string, isMarkdown: boolean): [number, number][] {
  let from = 0;
  return (words ?? [{ text }]).map((word) => {
    const forms = isMarkdown ? [escapeMarkdown(word.text), word.text] : [oneRow(word.text)];
    for (const form of forms) {
      const at = form === '' ? -1 : written.indexOf(form, from);
      if (at === -1) continue;
      from = at + form.length;
      return [at, from];
    }
    return [0, written.length];
  });
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a client counts as one character. */
const measures: Readonly<Record<AnalyzeData['stringIndexType'], (text: string) => number>> = {
  // Printable ASCII is one element each, and most text is; a segmenter is slow.
  textElements: (text) => (/^[\x20-\x7e]*$/.test(text) ? text.length : [...graphemes.segment(text)].length),
  unicodeCodePoint: (text) => Array.from(text).length,
  utf16CodeUnit: (text) => text.length,
};
