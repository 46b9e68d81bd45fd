import { stat } from 'node:fs/promises';
import { hasKnownExtension } from '../runtime/inputs/folder.js';
import { stdinArgument } from '../runtime/inputs/input.js';
import { isPattern } from '../runtime/inputs/pattern.js';
import { looksLikePackage } from '../runtime/registry/package-folder.js';

/**
 * Parts the arguments of `run`. The first is the module unless it is a file, a folder without a package, a pattern, `-`, or
 * has the extension of a picture or document.
 *
 * @param named the value of `--module`; all arguments are files then
 */
export async function splitModule(
  words: readonly string[],
  named: string | undefined,
): Promise<{ readonly module: string | undefined; readonly paths: readonly string[] }> {
  const [first, ...rest] = words;
  const isModule = named === undefined && first !== undefined && !(await isInput(first));
  return isModule ? { module: first, paths: rest } : { module: named, paths: words };
}

async function isInput(word: string): Promise<boolean> {
  if (word === stdinArgument) return true;
  const info = await stat(word).catch(() => undefined);
  if (info === undefined) return isPattern(word) || hasKnownExtension(word);
  return !info.isDirectory() || !(await looksLikePackage(word));
}
