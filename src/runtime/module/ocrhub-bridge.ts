import { OcrHubError } from '../errors/error.js';
import { packageVersion } from '../package.js';

/*
 * What a bundle imports from "ocrhub" it takes from the process that loads it, by a function under a global symbol. So
 * all modules of a process share its copy of every class, wherever they and ocrhub lie (decision 11).
 */

/** The code that stands in a bundle for "ocrhub": of what it exports the bundler keeps what the module uses. */
export function takingFromProcess(names: readonly string[]): string {
  const taken = names.map((name) => `export const ${name} = /* @__PURE__ */ ${word}('${name}');`);
  return [`const ${word} = globalThis[Symbol.for('${word}')];`, ...taken].join('\n');
}

/** The exports of "ocrhub", by name. */
export type Api = Readonly<Record<string, unknown>>;

/** Bundles loaded in this process from now on get the exports of "ocrhub" from `api`. */
export function giveToBundles(api: Api): void {
  (globalThis as Record<symbol, unknown>)[Symbol.for(word)] = (name: string): unknown => {
    if (!(name in api)) throw new OcrHubError('module_of_other_version', { missing: name, version: packageVersion });
    return api[name];
  };
}

/** Bundles that were installed long ago hold it: another way of asking needs another word. */
const word = 'ocrhub';
