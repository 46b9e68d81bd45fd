import type { Home } from '../config/home.js';
import { buildPackage } from './build.js';
import { findPackage } from './package-folder.js';
import { readVersions, writePointer, type InstalledModule } from './store.js';

export interface InstallResult extends InstalledModule {
  /** Whether this replaces an install of the same name and version. */
  readonly replaced: boolean;
}

/**
 * Builds packages and installs each under its name and version. All are built before the first pointer is written, so a
 * package that fails leaves the registry unchanged.
 *
 * @param packages folders, or names of stock packages
 * @throws OcrHubError of `findPackage` and `buildPackage`
 */
export async function installPackages(home: Home, packages: readonly string[]): Promise<InstallResult[]> {
  const modules: InstalledModule[] = [];
  for (const argument of packages) modules.push(await buildPackage(home, await findPackage(argument)));
  const results: InstallResult[] = [];
  for (const module of modules) {
    const { installed, damaged } = await readVersions(home, module.name);
    const before = [...installed, ...damaged.map(({ details }) => details)];
    await writePointer(home, module);
    results.push({ ...module, replaced: before.some(({ version }) => version === module.version) });
  }
  return results;
}
