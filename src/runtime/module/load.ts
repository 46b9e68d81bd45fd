import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toModule, type Module } from './define.js';
import { provideToBundles, type Api } from './ocrhub-bridge.js';

/**
 * The file with the bundled code in an installed copy. Copies from before decision 11 have index.mjs instead; they count
 * as damaged and must be installed again.
 */
export const bundleName = 'bundle.mjs';

/**
 * Imports the bundle of an installed copy. Stack traces name the author's own files (source maps).
 *
 * @param api the exports that the bundle gets when it imports "ocrhub"
 */
export async function loadModule(folder: string, api: Api): Promise<Module> {
  process.setSourceMapsEnabled(true);
  return toModule(await importBundle(path.join(folder, bundleName), api), folder);
}

/**
 * Imports a bundle and returns its default export. CommonJS that a compiler wrote from `export default` has it one level deeper.
 * Without a default export, returns all exports.
 *
 * @throws OcrHubError `module_of_other_version`, and any error that the module throws while it loads
 */
export async function importBundle(bundle: string, api: Api): Promise<unknown> {
  provideToBundles(api);
  let exported: unknown = await import(pathToFileURL(bundle).href);
  for (let depth = 0; depth < 3 && hasDefault(exported); depth++) exported = exported.default;
  return exported;
}

function hasDefault(value: unknown): value is { readonly default: unknown } {
  return typeof value === 'object' && value !== null && 'default' in value && !('predict' in value);
}
