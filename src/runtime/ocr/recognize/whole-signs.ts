import type { Letter } from './words.js';

/** Whether a text may have a sign beside a part of it. */
export function mayDoubleSigns(text: string): boolean {
  return doubled.test(text);
}

/**
 * The letters without a part of a sign that was read beside the whole sign, as the network does for a sign that its dictionary
 * has whole and in parts: `°℃` is °C, and `½2` is ½. `½4` is ¼, of which the network took the wrong whole. A digit that stands behind
 * the sign, such as the mark of a footnote, stays.
 *
 * @param aspect width / height of the line
 */
export function withWholeSigns(letters: readonly Letter[], aspect: number): readonly Letter[] {
  return letters.flatMap((letter, i) => {
    const [before, after] = [letters[i - 1], letters[i + 1]];
    if (isPart(letter, before, after, aspect)) return [];
    const unit = degrees[letter.text];
    if (unit !== undefined && before?.text === '°') return [{ ...letter, text: unit }];
    const isQuarter = letter.text === '½' && after?.text === '4' && isPart(after, letter, letters[i + 2], aspect);
    return [isQuarter ? { ...letter, text: '¼' } : letter];
  });
}

/** Whether a digit is the denominator of the sign before it. 1½24 has a number of its own behind the fraction. */
function isPart(digit: Letter, sign: Letter | undefined, next: Letter | undefined, aspect: number): boolean {
  if (sign === undefined || denominators[sign.text]?.includes(digit.text) !== true) return false;
  return (digit.at - sign.at) * aspect < maxPartDistance && !/^\d$/.test(next?.text ?? '');
}

/**
 * Heights of the line between the middles of a sign and of a digit. Drawn in three faces, a denominator is 0.25 to 0.33 away, and the
 * mark of a footnote 0.42 to 0.58, of which a 2 was read at 0.58.
 */
const maxPartDistance = 0.4;

const degrees: Readonly<Partial<Record<string, string>>> = { '℃': 'C', '℉': 'F' };
const denominators: Readonly<Partial<Record<string, string>>> = { '½': '24', '¼': '4', '¾': '4' };
const doubled = /°[℃℉]|½[24]|[¼¾]4/;
