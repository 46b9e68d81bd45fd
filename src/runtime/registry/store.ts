import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { subfolders } from '../files/subfolders.js';
import { leftoverPatternOf, writeFileAtomic } from '../files/write-atomic.js';
import { z } from '../values/check.js';
import type { Home } from '../config/home.js';
import { bundleName } from '../module/load.js';
import { fieldInfo, parameterInfo } from '../module/parameter-info.js';
import { contentHash } from './content-hash.js';
import { isModuleId, newestFirst, type ModuleId } from './module-id.js';

/*
 * The folders are the registry:
 *   modules/<name>/<version>/<hash>/      an immutable copy: bundle, source map, sources, config.json
 *   modules/<name>/<version>/current.json the pointer to one of them, with what `list` and `show` print
 * A pointer is replaced by one rename, so a reader sees the old install or the new one, never half of each.
 */

const pointer = z.object({
  name: z.string(),
  version: z.string(),
  hash: z.string(),
  summary: z.string(),
  author: z.string(),
  parameters: z.array(parameterInfo),
  fields: z.array(fieldInfo),
  source: z.string(),
  installedAt: z.string(),
  ocrhub: z.string(),
});

/** What is known of an installed module without running any of its code. */
export type InstalledModule = z.output<typeof pointer> & {
  /** The immutable folder of this content. */
  readonly path: string;
};

/** Folders in `modules/` in which installs prepare their copy. */
export const stagingPrefix = '.staging-';

const pointerName = 'current.json';

/** Names of what a write of a pointer that was broken off left beside it. */
export const pointerLeftoverPattern = leftoverPatternOf(pointerName);

/** An install that was edited or half removed by hand. */
export type DamagedInstall = OcrHubError<'registry_damaged'>;

export function isDamaged(error: unknown): error is DamagedInstall {
  return OcrHubError.is(error) && error.code === 'registry_damaged';
}

/** What the folders hold; one damaged install hides no other. */
export interface Registry {
  /** By name, newest version first. */
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

/** Every whole install of every module, by name, newest version first. */
export async function listInstalled(home: Home): Promise<readonly InstalledModule[]> {
  return (await readRegistry(home)).installed;
}

/** The installs of one name. */
export async function readVersions(home: Home, name: string): Promise<Registry> {
  const versions = await subfolders(path.join(home.modules, name));
  const found = await Promise.all(versions.map((version) => readPointer(home, name, version)));
  return {
    installed: newestFirst(found.filter(isWhole)),
    damaged: found.filter(isDamaged),
  };
}

/**
 * The version asked for, or the newest one.
 *
 * @throws OcrHubError `module_not_installed`, `version_not_installed`; `registry_damaged` when it is that very one
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
    throw new OcrHubError('module_not_installed', { name: id.name, installed: names });
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

/** Makes `module` the one that its name and version mean. */
export async function writePointer(home: Home, module: InstalledModule): Promise<void> {
  await releaseCurrent(home, module.name, module.version);
  await makeFolder(versionFolder(home, module.name, module.version));
  const file = pointerFile(home, module.name, module.version);
  await writeFileAtomic(file, `${JSON.stringify(pointer.parse(module), null, 2)}\n`);
}

/** Whether there is a pointer, be it damaged. */
export async function hasPointer(home: Home, name: string, version: string): Promise<boolean> {
  const files: string[] = await readdir(versionFolder(home, name, version)).catch(() => []);
  return files.includes(pointerName);
}

export async function removePointer(home: Home, name: string, version: string): Promise<void> {
  await releaseCurrent(home, name, version);
  await rm(pointerFile(home, name, version), { force: true });
}

/**
 * Which copies a pointer may name. One that is not whole stays too: somebody edited it, and may want to fetch what they
 * wrote. Where the pointer cannot be read it may be any of them.
 */
export async function namedCopies(home: Home, name: string, version: string): Promise<(hash: string) => boolean> {
  try {
    const named = pointer.safeParse(parseJson(await readFile(pointerFile(home, name, version), 'utf8')));
    return (hash) => !named.success || hash === named.data.hash;
  } catch (error) {
    return () => (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function pointerFile(home: Home, name: string, version: string): string {
  return path.join(versionFolder(home, name, version), pointerName);
}

/** The install that a pointer names; undefined where there is none, the error where it is damaged. */
async function readPointer(home: Home, name: string, version: string): Promise<Pointed> {
  const file = pointerFile(home, name, version);
  const damaged = (problem: string): DamagedInstall => {
    const mend = isModuleId({ name, version })
      ? `ocrhub uninstall ${name}==${version}, then install it again`
      : `remove the folder ${path.dirname(file)}`;
    return new OcrHubError('registry_damaged', { file, problem, name, version, mend });
  };
  try {
    const parsed = pointer.safeParse(parseJson(await readFile(file, 'utf8')));
    if (!parsed.success) return damaged('it is not a pointer file');
    const problem = await mismatch(home, parsed.data, { name, version });
    return problem === undefined ? { ...parsed.data, path: contentFolder(home, parsed.data) } : damaged(problem);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : damaged(message);
  }
}

/** The install that a pointer names, if it is whole. */
async function readWhole(home: Home, name: string, version: string): Promise<InstalledModule | undefined> {
  const pointed = await readPointer(home, name, version);
  return isWhole(pointed) ? pointed : undefined;
}

type Pointed = InstalledModule | DamagedInstall | undefined;

function isWhole(pointed: Pointed): pointed is InstalledModule {
  return pointed !== undefined && !isDamaged(pointed);
}

async function mismatch(
  home: Home,
  module: { name: string; version: string; hash: string },
  place: { name: string; version: string },
): Promise<string | undefined> {
  if (module.name !== place.name || module.version !== place.version) {
    return `it speaks of ${module.name} ${module.version}`;
  }
  const copy = contentFolder(home, module);
  const there = await stat(path.join(copy, bundleName)).catch(() => undefined);
  if (there === undefined) return `the copy it points to has no ${bundleName}`;
  return (await contentHash(copy)) === module.hash
    ? undefined
    : `somebody edited the copy it points to, ${copy}; edit your own folder and install that`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Starts the time of grace of the copy that is current now. */
async function releaseCurrent(home: Home, name: string, version: string): Promise<void> {
  const current = await readWhole(home, name, version);
  if (current === undefined) return;
  const now = new Date();
  await utimes(current.path, now, now);
}
