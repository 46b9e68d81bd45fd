import { createRequire } from 'node:module';
import type { Bidi } from 'bidi-js';

/** The order in which the characters of a line stand on the page from left to right. */
export interface VisualOrder {
  /** Whether any of its characters is written from right to left. */
  readonly hasRightToLeft: boolean;
  /** Whether the line as a whole goes from right to left. */
  readonly isRightToLeft: boolean;
  /** The characters of a part of the text, from left to right. */
  textOf(start: number, end: number): string;
  /** Place of the leftmost character of a part, for comparisons. */
  placeOf(start: number, end: number): number;
}

/**
 * Readers of PDF files reorder what they find from left to right into the order of reading, so the file must have the
 * order on the page (Unicode's bidirectional algorithm, UAX 9).
 */
export function visualOrder(text: string): VisualOrder {
  if (!rightToLeft.test(text)) {
    return {
      hasRightToLeft: false,
      isRightToLeft: false,
      textOf: (start, end) => text.slice(start, end),
      placeOf: (start) => start,
    };
  }
  bidi ??= (require('bidi-js') as () => Bidi)();
  const levels = bidi.getEmbeddingLevels(text);
  const order = bidi.getReorderedIndices(text, levels);
  const places: number[] = [];
  order.forEach((index, place) => (places[index] = place));
  const placesOf = (start: number, end: number): number[] => places.slice(start, end).sort((a, b) => a - b);
  return {
    hasRightToLeft: true,
    isRightToLeft: (levels.paragraphs[0]?.level ?? 0) % 2 === 1,
    textOf: (start, end) => withWholePairs(placesOf(start, end).map((place) => text[order[place] ?? 0] ?? '')),
    placeOf: (start, end) => placesOf(start, end)[0] ?? 0,
  };
}

/** Hebrew, Arabic, Syriac, Thaana, N'Ko and more; Arabic's presentation forms; scripts beyond U+FFFF. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

// Its types say that the module has a default export, which Node does not see in it.
const require = createRequire(import.meta.url);

let bidi: Bidi | undefined;

/** A surrogate pair that was reversed is put back. */
function withWholePairs(units: readonly string[]): string {
  return units.join('').replace(/([\udc00-\udfff])([\ud800-\udbff])/g, '$2$1');
}
