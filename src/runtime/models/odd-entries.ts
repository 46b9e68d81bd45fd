/**
 * Entries of a dictionary that are mostly mistakes, with their numbers from 1: an empty one, a comment, one that comes twice. Empty
 * if there are none.
 *
 * @example
 * oddEntries(['', 'a', '# Latin', 'b', 'a']); // ['entry 1 is empty', 'entry 3 is "# Latin"', 'entry 5 repeats entry 2']
 */
export function oddEntries(characters: readonly string[]): string[] {
  const first = new Map<string, number>();
  const odd = characters.flatMap((character, i) => {
    const before = first.get(character);
    if (before === undefined) first.set(character, i);
    if (character === '') return [`entry ${i + 1} is empty`];
    if (/^(#|\/\/|--|;).*\s/u.test(character)) return [`entry ${i + 1} is ${JSON.stringify(character.slice(0, 40))}`];
    return before === undefined ? [] : [`entry ${i + 1} repeats entry ${before + 1}`];
  });
  return odd.length > maxNamed ? [...odd.slice(0, maxNamed), `and ${odd.length - maxNamed} more`] : odd;
}

const maxNamed = 5;

/**
 * Warns once of a dictionary whose odd entries do not change the number of its entries: a few dictionaries of PaddleOCR have some, but
 * mostly another character is missing, and all after it is read shifted.
 */
export function warnOfOddEntries(file: string, characters: readonly string[]): void {
  const odd = oddEntries(characters);
  if (odd.length === 0 || warned.has(file)) return;
  warned.add(file);
  process.emitWarning(`${file}: ${odd.join(', ')}; if another character belongs there, wrong text is read`);
}

const warned = new Set<string>();
