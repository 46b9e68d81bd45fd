/** Whether most characters are of a script that is written from top to bottom. */
export function isMostlyVertical(characters: readonly string[]): boolean {
  return characters.filter((character) => verticalScript.test(character)).length * 2 > characters.length;
}

/** The long mark is of no script. */
const verticalScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
