import type { Home } from '../config/home.js';
import type { ModuleId } from './module-id.js';
import { hasPointer, readVersions, removePointer } from './store.js';

export interface UninstallResult {
  readonly name: string;
  /** The removed versions; empty if none was installed. */
  readonly versions: readonly string[];
}

/** Removes one version of a module, or all, damaged ones too. Servers keep the copies that they serve until they stop. */
export async function uninstallModule(home: Home, id: ModuleId): Promise<UninstallResult> {
  const versions = id.version === undefined ? await pointedVersions(home, id.name) : [id.version];
  const removed: string[] = [];
  for (const version of versions) {
    if (!(await hasPointer(home, id.name, version))) continue;
    await removePointer(home, id.name, version);
    removed.push(version);
  }
  return { name: id.name, versions: removed };
}

async function pointedVersions(home: Home, name: string): Promise<string[]> {
  const { installed, damaged } = await readVersions(home, name);
  return [...installed.map(({ version }) => version), ...damaged.map(({ details }) => details.version)];
}
