import type { PageLine, TextWord } from '../document/page.js';
import type { Quad } from '../geometry/point.js';
import type { Angle } from './classify/classifier.js';

/** A line of a page, and what the classifier says of it. */
export interface TextLine extends PageLine {
  /** The classifier's answer, where it was asked. */
  readonly angle?: Angle;
}

/**
 * The line with the regions of itself and of its words mapped. Undefined if `map` answers undefined for the line; words for
 * which it does are left out.
 */
export function mapLine(line: TextLine, map: (region: Quad) => Quad | undefined): TextLine | undefined {
  const text_region = map(line.text_region);
  if (text_region === undefined) return undefined;
  if (line.words === undefined) return { ...line, text_region };
  const words = line.words.flatMap((word): TextWord[] => {
    const region = map(word.region);
    return region === undefined ? [] : [{ ...word, region }];
  });
  return { ...line, text_region, words };
}
