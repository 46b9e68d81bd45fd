import { existsSync } from 'node:fs';

/**
 * Lets `--set a=1 b=2` say what `--set a=1 --set b=2` does, in a command whose arguments are pictures: a flag that
 * takes every word behind it, as in `serving start`, would take them too. A word behind a value is one more when it
 * looks like `name=value` and no file is called so; the first that does not ends it.
 */
export function repeatFlags(argv: readonly string[], names: readonly string[]): string[] {
  const words: string[] = [];
  /** The flag whose values are being read. */
  let flag: string | undefined;
  /** The word after a flag without "=" is its value, whatever it looks like. */
  let first = false;
  for (const [i, word] of argv.entries()) {
    if (word === '--') return [...words, ...argv.slice(i)];
    const opened = names.find((name) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (opened !== undefined) {
      flag = `--${opened}`;
      first = word === flag;
    } else if (first) {
      first = false;
    } else if (flag !== undefined && looksLikeValue(word)) {
      words.push(flag);
    } else {
      flag = undefined;
    }
    words.push(word);
  }
  return words;
}

function looksLikeValue(word: string): boolean {
  return /^[a-z_][\w.-]*=/i.test(word) && !existsSync(word);
}
