import { stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { OcrHubError } from '../../errors/error.js';
import { readRegularFile } from '../../files/read-regular.js';
import { isWithin } from '../../files/within.js';
import { findPackage, nativePackages, packageFolderOf } from './npm-packages.js';
import { tokensOf, type Token } from './source-tokens.js';

/**
 * Finds the npm packages that the author's files look for at run time, so that the bundler does not see them: with `require` of
 * `createRequire`, with `require.resolve` and `import.meta.resolve`, by a path through node_modules, and in files that are not
 * bundled, such as workers.
 *
 * @param root the package's folder without links
 * @param bundled the author's files in the bundle
 * @returns folders by the names of the packages; a package that is not installed is left out, as the code may do without it
 * @throws OcrHubError `native_package_imported` for packages that ocrhub holds itself
 */
export async function namedPackages(root: string, bundled: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const files = new Map(bundled.map((file) => [file, { isBundled: true }]));
  for (const [file, { isBundled }] of files) {
    if (!isSource.test(file)) continue;
    const { packages, paths } = namesIn(tokensOf(await readRegularFile(file)), isBundled);
    for (const name of packages) {
      const folder = await findPackage(path.dirname(file), name);
      if (folder === undefined || found.has(name)) continue;
      if (nativePackages.test(name)) throw new OcrHubError('native_package_imported', { place: file, name });
      found.set(name, folder);
    }
    for (const name of paths) {
      const other = await fileOf(path.resolve(path.dirname(file), name));
      if (other === undefined || files.has(other)) continue;
      if (isWithin(root, other) && packageFolderOf(other) === undefined) files.set(other, { isBundled: false });
    }
  }
  return found;
}

const isSource = /\.[cm]?[jt]sx?$/;

/** The names of packages, and the paths that may be those of source files. */
interface Names {
  readonly packages: Set<string>;
  readonly paths: Set<string>;
}

function namesIn(tokens: readonly Token[], isBundled: boolean): Names {
  const words = tokens.map(({ text }) => text);
  const requires = new Set(words.filter((_, i) => isMadeByCreateRequire(words, i)));
  const names: Names = { packages: new Set(), paths: new Set() };
  for (const [i, word] of words.entries()) {
    const [, text] = /^['"`](.*)['"`]$/.exec(word) ?? [];
    if (text === undefined) continue;
    const inModules = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(text)?.[1];
    if (inModules !== undefined) names.packages.add(inModules);
    const isImported = isImport(words, i) && !isBundled;
    if (isImported || isLookedUp(words, i, requires)) {
      const name = packageNameOf(text);
      if (name !== undefined) names.packages.add(name);
    }
    if (isImported || words[i - 1] === '(' || words[i - 1] === ',') names.paths.add(text);
  }
  return names;
}

/** Whether a word gets its value from `createRequire`. */
function isMadeByCreateRequire(words: readonly string[], i: number): boolean {
  if (words[i + 1] !== '=') return false;
  const value = words.slice(i + 2, i + 6);
  const end = value.indexOf('(');
  return end > 0 && value[end - 1] === 'createRequire';
}

/** Whether a text is what `import` or `require` of the bundler's kind names. */
function isImport(words: readonly string[], i: number): boolean {
  const [before, callee] = [words[i - 1], words[i - 2]];
  return before === 'from' || before === 'import' || (before === '(' && (callee === 'import' || callee === 'require'));
}

/** Whether a text is looked up at run time. */
function isLookedUp(words: readonly string[], i: number, requires: ReadonlySet<string>): boolean {
  if (words[i - 1] !== '(') return false;
  const callee = words[i - 2] ?? '';
  if (requires.has(callee)) return true;
  if (callee === 'resolve')
    return words[i - 3] === '.' && ['require', 'meta', ')', ...requires].includes(words[i - 4] ?? '');
  return callee === ')' && isCallOfCreateRequire(words, i - 2);
}

function isCallOfCreateRequire(words: readonly string[], end: number): boolean {
  let depth = 0;
  for (let i = end; i >= 0; i--) {
    if (words[i] === ')') depth++;
    if (words[i] === '(' && --depth === 0) return words[i - 1] === 'createRequire';
  }
  return false;
}

/** The package of a bare name; undefined for paths, addresses and Node's own modules. */
function packageNameOf(text: string): string | undefined {
  if (isBuiltin(text) || text.includes(':')) return undefined;
  const [name] = /^(?:@[\w.-]+\/)?[\w-][\w.-]*(?=\/|$)/.exec(text) ?? [];
  return name === 'ocrhub' ? undefined : name;
}

/** The source file that a path means, with the endings that Node and bundlers add; undefined if there is none. */
async function fileOf(place: string): Promise<string | undefined> {
  const candidates = [place, ...['.js', '.cjs', '.mjs', '.ts', '/index.js'].map((ending) => place + ending)];
  for (const file of candidates) {
    if (!isSource.test(file)) continue;
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile() === true) return file;
  }
  return undefined;
}
