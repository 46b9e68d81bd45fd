import type { Page, PageLine, TextWord } from '../page.js';

/**
 * A page as JSON text, with its members in a fixed order. Members that are no part of a page, such as a line's `angle`,
 * are left out.
 */
export function pageToJson({ width, height, rotation, lines }: Page): string {
  return JSON.stringify({ width, height, rotation, lines: lines.map(lineOf) });
}

function lineOf({ text, confidence, text_region, words }: PageLine): PageLine {
  return { text, confidence, text_region, ...(words === undefined ? {} : { words: words.map(wordOf) }) };
}

function wordOf({ text, confidence, region }: TextWord): TextWord {
  return { text, confidence, region };
}
