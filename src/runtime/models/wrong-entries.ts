/**
 * What proves that the entries of a dictionary are not the classes of a recognizer; undefined if nothing does. Such a dictionary can
 * have the right number of entries, and then the network reads wrong text with confidences near 1.
 *
 * Dictionaries of PaddleOCR have oddities that are accepted: a tab, also after a character, a byte order mark alone, a space after one
 * character, syllables of several characters.
 *
 * @example
 * wrongEntries(['a\r', 'b\r']); // 'entry 1, "a\\r", holds a control character, U+000D'
 */
export function wrongEntries(characters: readonly string[]): string | undefined {
  for (const [i, character] of characters.entries()) {
    const [control] = controls.exec(character) ?? [];
    if (control !== undefined) return `${nameOf(i, character)}, holds a control character, ${codeOf(control)}`;
    if (character.length > 1 && character.includes(byteOrderMark))
      return `${nameOf(i, character)}, holds a byte order mark, ${codeOf(byteOrderMark)}`;
  }
  for (const [form, pattern] of forms) {
    const matching = characters.flatMap((character, i) => (pattern.test(character) ? [i] : []));
    const [first] = matching;
    if (first !== undefined && matching.length > characters.length / 2)
      return `${matching.length} of its ${characters.length} entries ${form}, such as ${nameOf(first, characters[first] ?? '')}`;
  }
  return undefined;
}

/** A control character of ASCII that is no tab, which is an entry of several dictionaries of PaddleOCR. */
const controls = /(?=\p{ASCII})[^\t\P{Cc}]/u;

const byteOrderMark = '\ufeff';

/** What tools put around a character. One entry can look so; most entries do only if a tool wrote it. */
const forms: readonly (readonly [form: string, pattern: RegExp])[] = [
  ['are in quotation marks', /^(["'`]).+\1\s*[,;]?$/u],
  ['have a number before the character', /^\s*\d+[\s,:;=|].*\S/u],
  ['have a number after the character', /^\S.*[\s,:;=|]\s*\d+$/u],
  ['end in white space', /\S\s+$/u],
  ['begin with white space', /^\s+\S/u],
  ['begin with a dash and a space', /^- ./u],
  ['end in a comma or a semicolon', /.[,;]$/u],
  ['are codes of characters', /^(?:\\u\{?|U\+|0x|&#x?)[0-9a-f]{2,6}[};]?$/iu],
];

function nameOf(index: number, character: string): string {
  // JSON leaves these two as they are, and nobody sees them.
  const shown = JSON.stringify(character.slice(0, maxShown)).replace(
    /[\u007f\ufeff]/g,
    (at) => `\\u${hexOf(at).toLowerCase()}`,
  );
  return `entry ${index + 1}, ${shown}`;
}

const maxShown = 40;

function codeOf(character: string): string {
  return `U+${hexOf(character)}`;
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
