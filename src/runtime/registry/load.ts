import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as api from '../index.js';
import { toServiceModule, type ServiceModule } from '../module.js';
import { bundleName } from './content-hash.js';
import { giveToBundles } from './ocrhub-import.js';

/** Imports the bundle of an installed copy. Stack traces name the author's own files (source maps). */
export async function loadModule(folder: string): Promise<ServiceModule> {
  process.setSourceMapsEnabled(true);
  return toServiceModule(await importBundle(path.join(folder, bundleName)), folder);
}

/**
 * What a bundle exports by default.
 *
 * @throws OcrHubError `module_of_other_version`, and whatever the module throws while it is loaded
 */
export async function importBundle(bundle: string): Promise<unknown> {
  giveToBundles(api);
  const exported = (await import(pathToFileURL(bundle).href)) as { default?: unknown };
  return exported.default;
}
