import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toServiceModule, type ServiceModule } from '../module.js';
import { bundleName } from './content-hash.js';

/** Imports the bundle of an installed copy. Stack traces name the author's own files (source maps). */
export async function loadModule(folder: string): Promise<ServiceModule> {
  process.setSourceMapsEnabled(true);
  const exported = (await import(pathToFileURL(path.join(folder, bundleName)).href)) as { default?: unknown };
  return toServiceModule(exported.default, folder);
}
