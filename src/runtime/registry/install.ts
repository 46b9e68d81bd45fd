import type { Home } from '../settings.js';
import { buildPackage } from './build.js';
import { findPackage } from './package-folder.js';
import { listVersions, writePointer, type InstalledModule } from './store.js';

export interface InstallResult extends InstalledModule {
  /** Whether this name and version was there before; its old copy is replaced. */
  readonly replaced: boolean;
}

/**
 * Builds a package and makes it the installed one of its name and version. Whatever goes wrong on the way, the registry
 * is as it was.
 *
 * @param argument a folder, or the name of a stock package
 * @throws OcrHubError of `findPackage` and `buildPackage`
 */
export async function installPackage(home: Home, argument: string): Promise<InstallResult> {
  const module = await buildPackage(home, await findPackage(argument));
  const before = await listVersions(home, module.name).catch(() => []);
  await writePointer(home, module);
  return { ...module, replaced: before.some((other) => other.version === module.version) };
}
