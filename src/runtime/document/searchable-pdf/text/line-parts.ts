import type { Quad } from '../../../geometry/point.js';
import type { TextWord } from '../../page.js';
import { sliceOf } from './line-frame.js';
import { isWide, widthOf } from './text-codes.js';
import type { VisualOrder } from './visual-order.js';

/** A part of a line's text, and its place on the page. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly region: Quad;
}

/** The words of a line where they are in its text; undefined unless they make up the whole text. */
export function partsByWords(text: string, words: readonly TextWord[]): Part[] | undefined {
  const parts: Part[] = [];
  let at = 0;
  for (const { text: raw, region } of words) {
    const word = raw.trim().replace(/\s+/g, ' ');
    if (word === '') continue;
    const start = text.startsWith(' ', at) ? at + 1 : at;
    at = start + word.length;
    if (text.slice(start, at) !== word) return undefined;
    parts.push({ start, end: at, region });
  }
  return at === text.length && parts.length > 0 ? parts : undefined;
}

/**
 * Words and wide characters of a line without word boxes. Its region is divided in proportion to the natural widths of
 * the characters.
 *
 * @param corners of the line, from the first letter's upper left one
 */
export function partsInProportion(text: string, order: VisualOrder, corners: Quad): Part[] {
  const pieces = piecesOf(text).sort((a, b) => order.placeOf(a.start, a.end) - order.placeOf(b.start, b.end));
  const total = widthOf(text);
  let width = 0;
  return pieces.map(({ start, end }, i) => {
    const next = pieces[i + 1];
    const from = width;
    const to = from + widthOf(text.slice(start, end));
    width = to + (next === undefined || areGlued({ start, end }, next) ? 0 : widthOf(' '));
    return { start, end, region: sliceOf(corners, from / total, to / total) };
  });
}

/** Whether two parts are neighbors in the text, in either order, without a space between them. */
export function areGlued(a: Pick<Part, 'start' | 'end'>, b: Pick<Part, 'start' | 'end'>): boolean {
  return a.end === b.start || b.end === a.start;
}

function piecesOf(text: string): Pick<Part, 'start' | 'end'>[] {
  const pieces: { start: number; end: number; isWord: boolean }[] = [];
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    const last = pieces.at(-1);
    const isWord = !isWide(character);
    if (character !== ' ') {
      if (isWord && last?.isWord === true && last.end === at) last.end = end;
      else pieces.push({ start: at, end, isWord });
    }
    at = end;
  }
  return pieces;
}
