import { OcrHubError } from '../errors/error.js';
import { packageVersion } from '../package.js';

/*
 * A bundle gets the exports of "ocrhub" from the process that loads it, by a function under a global symbol. So all modules
 * of a process share one copy of every class, wherever the modules and ocrhub are installed (decision 11).
 */

/** Returns the code that replaces "ocrhub" in a bundle. The bundler keeps only the exports that the module uses. */
export function bridgeSource(names: readonly string[]): string {
  const exports = names.map((name) => `export const ${name} = /* @__PURE__ */ ${word}('${name}');`);
  return [`const ${word} = globalThis[Symbol.for('${word}')];`, ...exports].join('\n');
}

/** The exports of "ocrhub", by name. */
export type Api = Readonly<Record<string, unknown>>;

/** Sets the exports of "ocrhub" that bundles of this process get. */
export function provideToBundles(api: Api): void {
  (globalThis as Record<symbol, unknown>)[Symbol.for(word)] = (name: string): unknown => {
    if (!(name in api)) throw new OcrHubError('module_of_other_version', { missing: name, version: packageVersion });
    return api[name];
  };
}

/** Installed bundles contain this word, so a change of the function's signature needs a new word. */
const word = 'ocrhub';
