import { rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { subfolders } from '../files/subfolders.js';
import type { Home } from '../config/home.js';
import { damagedInstall, findDamage, isDamaged, reinstallCommand, type DamagedInstall } from './damage.js';
import { listStock } from './package-folder.js';
import { newestFirst, isModuleId, type ModuleId } from './module-id.js';
import { hasPointerFile, pointerPath, readPointerFile, writePointerFile, type Pointer } from './pointer.js';

/*
 * The folders are the registry:
 *   modules/<name>/<version>/<hash>/      an immutable copy: bundle, source map, sources, config.json
 *   modules/<name>/<version>/current.json the pointer to one of them
 */

/** An installed module. Reading it runs none of the module's code. */
export type InstalledModule = Pointer & {
  /** The folder of the immutable copy. */
  readonly path: string;
};

/** Prefix of the folders in `modules/` in which installs prepare copies. */
export const stagingPrefix = '.staging-';

/** The installs, by name, newest version first. */
export interface Registry {
  readonly installed: readonly InstalledModule[];
  readonly damaged: readonly DamagedInstall[];
}

export async function readRegistry(home: Home): Promise<Registry> {
  const names = await subfolders(home.modules);
  const found = await Promise.all(names.map((name) => readVersions(home, name)));
  return {
    installed: found.flatMap(({ installed }) => installed),
    damaged: found.flatMap(({ damaged }) => damaged),
  };
}

/** Every intact install of every module, by name, newest version first. */
export async function listInstalled(home: Home): Promise<readonly InstalledModule[]> {
  return (await readRegistry(home)).installed;
}

/** The installs of one name. */
export async function readVersions(home: Home, name: string): Promise<Registry> {
  const versions = await subfolders(path.join(home.modules, name));
  const found = await Promise.all(versions.map((version) => readInstall(home, name, version)));
  return {
    installed: newestFirst(found.filter(isIntact)),
    damaged: found.filter(isDamaged),
  };
}

/**
 * Returns the version that `id` names, or the newest one.
 *
 * @throws OcrHubError `module_not_installed`, `version_not_installed`; `registry_damaged` if that version is damaged
 */
export async function getInstalled(home: Home, id: ModuleId): Promise<InstalledModule> {
  const { installed, damaged } = await readVersions(home, id.name);
  const broken = damaged.map((error) => ({ name: id.name, version: error.details.version, error }));
  const versions = newestFirst([...installed, ...broken.filter(isModuleId)]);
  const found = id.version === undefined ? versions[0] : versions.find(({ version }) => version === id.version);
  if (found !== undefined && 'error' in found) throw found.error;
  if (found !== undefined) return found;
  if (versions.length === 0) {
    const names = [...new Set((await listInstalled(home)).map((module) => module.name))];
    throw new OcrHubError('module_not_installed', { name: id.name, installed: names, stock: await listStock() });
  }
  throw new OcrHubError('version_not_installed', {
    name: id.name,
    version: id.version ?? '',
    installed: versions.map(({ version }) => version),
  });
}

export function versionFolder(home: Home, name: string, version: string): string {
  return path.join(home.modules, name, version);
}

export function contentFolder(home: Home, module: { name: string; version: string; hash: string }): string {
  return path.join(versionFolder(home, module.name, module.version), module.hash);
}

/** Installs `module` under its name and version. */
export async function writePointer(home: Home, module: InstalledModule): Promise<void> {
  await startGrace(home, module.name, module.version);
  const folder = versionFolder(home, module.name, module.version);
  await makeFolder(folder);
  await writePointerFile(folder, module);
}

/** Whether there is a pointer, even a damaged one. */
export function hasPointer(home: Home, name: string, version: string): Promise<boolean> {
  return hasPointerFile(versionFolder(home, name, version));
}

export async function removePointer(home: Home, name: string, version: string): Promise<void> {
  await startGrace(home, name, version);
  await rm(pointerPath(versionFolder(home, name, version)), { force: true });
}

/**
 * Returns a predicate: whether the pointer may name the copy with a given hash. It does not read the copy, so that a
 * copy that was edited by hand is kept. If the pointer cannot be read, it returns true for every hash.
 */
export async function namedCopies(home: Home, name: string, version: string): Promise<(hash: string) => boolean> {
  const file = await readPointerFile(versionFolder(home, name, version));
  if (file.kind === 'valid') return (hash) => hash === file.pointer.hash;
  return () => file.kind !== 'missing';
}

type Install = InstalledModule | DamagedInstall | undefined;

/** Returns the installed module, the error if it is damaged, or undefined if there is none. */
async function readInstall(home: Home, name: string, version: string): Promise<Install> {
  const place = { name, version, folder: versionFolder(home, name, version) };
  const file = await readPointerFile(place.folder);
  switch (file.kind) {
    case 'missing':
      return undefined;
    case 'unreadable':
      return damagedInstall(place, file.problem);
    case 'foreign': {
      const problem = `ocrhub ${file.ocrhub} wrote it in a form that this version does not read`;
      return damagedInstall(place, problem, await reinstallCommand(place, file.source));
    }
    case 'valid': {
      const damage = await findDamage(place, file.pointer);
      return damage === undefined
        ? { ...file.pointer, path: contentFolder(home, file.pointer) }
        : damagedInstall(place, damage);
    }
  }
}

function isIntact(install: Install): install is InstalledModule {
  return install !== undefined && !isDamaged(install);
}

/** Starts the grace period of the installed copy, because a server may have just read its pointer. */
async function startGrace(home: Home, name: string, version: string): Promise<void> {
  const current = await readInstall(home, name, version);
  if (!isIntact(current)) return;
  const now = new Date();
  await utimes(current.path, now, now);
}
