import { OcrHubError } from '../errors/error.js';
import { packageVersion } from '../package.js';

/*
 * A bundle gets the exports of "ocrhub" from the process that loads it, through a function stored under a global symbol.
 * All modules of a process therefore share one copy of every class, wherever they and ocrhub are installed (decision 11).
 */

/** Returns the code that replaces "ocrhub" in a bundle. The bundler keeps only the exports that the module uses. */
export function bridgeSource(names: readonly string[]): string {
  const exports = names.map((name) => `export const ${name} = /* @__PURE__ */ ${word}('${name}');`);
  return [`const ${word} = globalThis[Symbol.for('${word}')];`, ...exports].join('\n');
}

/** The exports of "ocrhub", by name. */
export type Api = Readonly<Record<string, unknown>>;

/** Sets the exports of "ocrhub" for the bundles that this process loads. */
export function provideToBundles(api: Api): void {
  (globalThis as Record<symbol, unknown>)[Symbol.for(word)] = (name: string): unknown => {
    if (!(name in api)) throw new OcrHubError('module_of_other_version', { missing: name, version: packageVersion });
    return api[name];
  };
}

/** The name of the symbol. Installed bundles contain it: choose another name if the function's signature changes. */
const word = 'ocrhub';
