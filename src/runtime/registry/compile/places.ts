import path from 'node:path';
import { openRegularFile, readRegularFile } from '../../files/read-regular.js';
import type { Loader, PluginBuild } from 'esbuild';
import { isWithin } from '../../files/within.js';
import { packageFolderOf } from './npm-packages.js';
import { tokensOf } from './source-tokens.js';

/*
 * A bundle is one file, but a module asks for the place of the file in which it writes `import.meta.url` or `__dirname`. Each
 * such file gets a constant with its own place in the copy, which has the same names as the author's folder. So does a file that loads
 * what it names at run time, because such a path is one from the file.
 */

const constant = '__place';

const functionName = '__placeOf';

/** What the words of a source file that ask for its place are replaced with. */
export const placeNames: Readonly<Record<string, string>> = {
  __dirname: `${constant}.dirname`,
  __filename: `${constant}.filename`,
  'import.meta.dirname': `${constant}.dirname`,
  'import.meta.filename': `${constant}.filename`,
  'import.meta.url': `${constant}.url`,
  'import.meta.resolve': `${constant}.resolve`,
};

/** Code for the head of a bundle. The constants of the files use what it declares. */
export const placesBanner = [
  "import { pathToFileURL as __pathToFileURL } from 'node:url';",
  "import { dirname as __dirnameOf, resolve as __resolve } from 'node:path';",
  `const ${functionName} = (name) => {`,
  'const filename = __resolve(import.meta.dirname, name); const url = __pathToFileURL(filename).href;',
  'const near = (wanted) => (/^\\.{0,2}\\//.test(wanted) ? new URL(wanted, url).href : wanted);',
  'return { filename, dirname: __dirnameOf(filename), url, resolve: (wanted) => import.meta.resolve(near(wanted)),',
  'import: (wanted, options) => import(near(`${wanted}`), options), require: __createRequire(filename) }; };',
].join(' ');

const sources: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
};

const namesPlace = /\b__dirname\b|\b__filename\b|\bimport\.meta\b/;

/** Files in which the words are looked for. */
const asksForPlace = /\b__dirname\b|\b__filename\b|\bimport\.meta\b|\bimport\s*\(|\brequire\b/;

/**
 * Gives each of the author's files its place, and loads their native add-ons from there. A file outside the package's folder
 * is not copied, so its place is where it is.
 *
 * @param root the package's folder without links
 * @param loaded gets every file that is read
 */
export function keepPlaces(root: string, loaded: Set<string>) {
  return {
    name: 'keep-places',
    setup(build: PluginBuild): void {
      build.onLoad({ filter: /^/, namespace: 'file' }, async ({ path: file, with: attributes }) => {
        loaded.add(file);
        // The bundler reads what is not read here itself, and would wait for a pipe or read a device without end.
        const problem = await problemOf(file);
        if (problem !== undefined) return { errors: [{ text: problem }] };
        if (attributes['type'] !== undefined) return undefined;
        const goesAlong = isWithin(root, file) && packageFolderOf(file) === undefined;
        const place = JSON.stringify(goesAlong ? path.relative(root, file) : file);
        if (file.endsWith('.node')) {
          return { contents: `module.exports = require(${functionName}(${place}).filename);`, loader: 'js' };
        }
        const loader = sources[path.extname(file)];
        if (loader === undefined) return undefined;
        const text = await readRegularFile(file);
        if (!asksForPlace.test(text)) return undefined;
        const placed = withPlacedLoads(text);
        if (placed === text && !namesPlace.test(text)) return undefined;
        return { contents: withHead(placed, `${head}(${place}); `), loader };
      });
    },
  };
}

/**
 * Lets `import` and `require` of a name that is no literal, and `require.resolve`, start from the file's place. The bundler sees those
 * of a literal. A file with a `require` of its own keeps it.
 */
function withPlacedLoads(text: string): string {
  const tokens = tokensOf(text);
  const isLiteral = (index: number): boolean => /^['"`]/.test(tokens[index]?.text ?? '');
  const hasOwnRequire = tokens.some(
    ({ text: word }, i) =>
      word === 'require' && !['(', '.'].includes(tokens[i + 1]?.text ?? '') && tokens[i - 1]?.text !== 'typeof',
  );
  let [placed, from] = ['', 0];
  for (const [i, { text: word, at }] of tokens.entries()) {
    const [before, next, afterNext] = [i - 1, i + 1, i + 2].map((index) => tokens[index]?.text);
    if (before === '.' || before === 'function') continue;
    const loads = next === '(' && afterNext !== ')' && !isLiteral(i + 2);
    const resolves = word === 'require' && next === '.' && afterNext === 'resolve';
    const isPlaced = word === 'import' ? loads : word === 'require' && !hasOwnRequire && (loads || resolves);
    if (!isPlaced) continue;
    placed += `${text.slice(from, at)}${constant}.`;
    from = at;
  }
  return placed + text.slice(from);
}

/** Why a file cannot be read as a regular file; a missing one is the bundler's to tell. */
async function problemOf(file: string): Promise<string | undefined> {
  try {
    await (await openRegularFile(file)).close();
    return undefined;
  } catch (error) {
    return error instanceof Error && (error as NodeJS.ErrnoException).code !== 'ENOENT' ? error.message : undefined;
  }
}

const head = `const ${constant} = /* @__PURE__ */ ${functionName}`;

/** Puts code on the first line, so that the numbers of the lines stay. */
function withHead(text: string, code: string): string {
  return text.startsWith('#!') ? text.replace(/\n|$/, `\n${code}`) : code + text;
}

/** The column in the author's file of a column on the first line, whose text in the bundler begins with the head. */
export function authorsColumn(lineText: string, column: number): number {
  const [added = ''] = /^const __place = \/\* @__PURE__ \*\/ __placeOf\("(?:[^"\\]|\\.)*"\); /.exec(lineText) ?? [];
  return column - Buffer.byteLength(added);
}
