import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toModule, type Module } from './define.js';
import { giveToBundles, type Api } from './ocrhub-bridge.js';

/**
 * The bundled code in an installed copy. Copies made before decision 11 call it index.mjs; they count as damaged and
 * must be installed again.
 */
export const bundleName = 'bundle.mjs';

/**
 * Imports the bundle of an installed copy. Stack traces name the author's own files (source maps).
 *
 * @param api what the bundle gets when it imports "ocrhub"
 */
export async function loadModule(folder: string, api: Api): Promise<Module> {
  process.setSourceMapsEnabled(true);
  return toModule(await importBundle(path.join(folder, bundleName), api), folder);
}

/**
 * The default export of a bundle.
 *
 * @throws OcrHubError `module_of_other_version`, and any error that the module throws while it loads
 */
export async function importBundle(bundle: string, api: Api): Promise<unknown> {
  giveToBundles(api);
  const exported = (await import(pathToFileURL(bundle).href)) as { default?: unknown };
  return exported.default;
}
