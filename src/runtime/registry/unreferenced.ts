import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isAbandoned } from '../files/abandoned.js';
import { subfolders } from '../files/subfolders.js';
import type { Home } from '../config/home.js';
import { namedCopies, stagingPrefix, versionFolder } from './store.js';

/** Removes what `listUnreferenced` finds, and the folders that are empty then. */
export async function removeUnreferenced(home: Home, pinned: ReadonlySet<string>): Promise<void> {
  for (const folder of await listUnreferenced(home, pinned)) await rm(folder, { recursive: true, force: true });
  for (const name of await subfolders(home.modules)) {
    for (const version of await subfolders(path.join(home.modules, name))) {
      await removeIfEmpty(versionFolder(home, name, version));
    }
    await removeIfEmpty(path.join(home.modules, name));
  }
}

/**
 * Copies that nothing refers to, and what installs left that were killed. A copy that lost its pointer has
 * its time of grace from then on: a server that read the pointer just before is still starting from it.
 */
export async function listUnreferenced(home: Home, pinned: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const name of await subfolders(home.modules)) {
    for (const version of await subfolders(path.join(home.modules, name))) {
      const folder = versionFolder(home, name, version);
      const isNamed = await namedCopies(home, name, version);
      for (const hash of await subfolders(folder)) {
        if (!isNamed(hash) && !pinned.has(hash)) found.push(path.join(folder, hash));
      }
    }
  }
  const entries = await readdir(home.modules).catch(() => []);
  for (const entry of entries) if (entry.startsWith(stagingPrefix)) found.push(path.join(home.modules, entry));
  const old = await Promise.all(found.map(isAbandoned));
  return found.filter((_, i) => old[i]);
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}
