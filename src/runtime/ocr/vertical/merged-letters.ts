/** A character of a column that was set level, and the cell in which it stands. */
export interface LevelLetter {
  readonly text: string;
  readonly confidence: number;
  readonly cell: number;
}

/** A character of the merged text. */
export interface MergedLetter {
  readonly text: string;
  readonly confidence: number;
  /** Its place in the text that was read lying; undefined for a mark that was missing there. */
  readonly at?: number;
  /** Where it was read level. */
  readonly cell?: number;
}

/**
 * Merges what was read in a column that lies on its side, where marks are skipped, with what was read in its letters side by side:
 * missing and mistaken marks come from there. Undefined if the two have little in common: then it is no column
 * of upright letters, or was cut at wrong places.
 *
 * @param confidence of the lying text
 */
export function mergedLetters(
  lying: readonly string[],
  confidence: number,
  level: readonly LevelLetter[],
): MergedLetter[] | undefined {
  const pairs = aligned(lying, level);
  const equal = pairs.filter(({ at, other }) => at !== undefined && isSame(lying[at], other)).length;
  if (equal < minEqual * lying.length) return undefined;
  return pairs.flatMap(({ at, other }): MergedLetter[] => {
    if (at === undefined) return other !== undefined && isMissing(other, level) ? [other] : [];
    const own = { text: lying[at] ?? '', confidence, at };
    if (other === undefined) return [own];
    const isBetter = other.confidence > minMark && mark.test(own.text) && mark.test(other.text);
    return [{ ...(isBetter ? other : own), at, cell: other.cell }];
  });
}

/** Of the characters that were read lying. */
const minEqual = 0.4;
/** Confidence above which a missing or another mark is taken. */
const minMark = 0.3;

/** A second letter of a cell is a part of the first one, such as the point of ！. */
function isMissing(letter: LevelLetter, all: readonly LevelLetter[]): boolean {
  const isAlone = !all.some((other) => other !== letter && other.cell === letter.cell);
  return isAlone && letter.confidence > minMark && mark.test(letter.text);
}

/** Recognizers answer wide and narrow forms of one mark. */
function isSame(letter: string | undefined, other: LevelLetter | undefined): boolean {
  return letter?.normalize('NFKC') === other?.text.normalize('NFKC');
}

/** What recognizers skip or mistake in a line that lies on its side: marks, small kana, and the sign of a long vowel. */
const mark =
  /^[、。，．,.'’‘`°！!？?「」『』（）()《》〈〉【】〔〕…‥ー〜～~\-—―一・：；:;っッゃゅょャュョぁぃぅぇぉァィゥェォ]$/;

interface Pair {
  readonly at: number | undefined;
  readonly other: LevelLetter | undefined;
}

/** The alignment with the fewest differences. A pair of different letters costs less than leaving out both. */
function aligned(lying: readonly string[], level: readonly LevelLetter[]): Pair[] {
  const width = level.length + 1;
  const costs = new Float64Array((lying.length + 1) * width);
  const cost = (i: number, j: number): number => (i < 0 || j < 0 ? Infinity : (costs[i * width + j] ?? Infinity));
  const paired = (i: number, j: number): number =>
    cost(i - 1, j - 1) + (isSame(lying[i - 1], level[j - 1]) ? 0 : differenceCost);
  for (let i = 0; i <= lying.length; i++)
    for (let j = i === 0 ? 1 : 0; j < width; j++)
      costs[i * width + j] = Math.min(cost(i - 1, j) + 1, cost(i, j - 1) + 1, paired(i, j));
  const pairs: Pair[] = [];
  for (let i = lying.length, j = level.length; i > 0 || j > 0;) {
    const here = cost(i, j);
    if (here === cost(i - 1, j) + 1) pairs.unshift({ at: --i, other: undefined });
    else if (here === cost(i, j - 1) + 1) pairs.unshift({ at: undefined, other: level[--j] });
    else pairs.unshift({ at: --i, other: level[--j] });
  }
  return pairs;
}

const differenceCost = 1.2;
