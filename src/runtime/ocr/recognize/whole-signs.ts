import type { Letter } from './words.js';

/** Whether a text may have a sign beside a part of it. */
export function mayDoubleSigns(text: string): boolean {
  return doubled.test(text);
}

/**
 * The letters without a part of a sign that was read beside the whole sign, as the network does for a sign that its dictionary
 * has whole and in parts: `°℃` is °C, and `½2` is ½.
 */
export function withWholeSigns(letters: readonly Letter[]): readonly Letter[] {
  return letters.flatMap((letter, i) => {
    const [before, after] = [letters[i - 1]?.text, letters[i + 1]?.text];
    const unit = degrees[letter.text];
    if (unit !== undefined && before === '°') return [{ ...letter, text: unit }];
    // 1½24 has a number of its own behind the fraction.
    const isPart = before !== undefined && denominators[before] === letter.text && !/^\d$/.test(after ?? '');
    return isPart ? [] : [letter];
  });
}

const degrees: Readonly<Partial<Record<string, string>>> = { '℃': 'C', '℉': 'F' };
const denominators: Readonly<Partial<Record<string, string>>> = { '½': '2', '¼': '4', '¾': '4' };
const doubled = /°[℃℉]|½2|[¼¾]4/;
