import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isAbandoned } from '../files/abandoned.js';
import { subfolders } from '../files/subfolders.js';
import type { Home } from '../config/home.js';
import { namedCopies, stagingPrefix, versionFolder } from './store.js';
import { ifMissing } from '../files/missing.js';

/** Removes the folders that `listUnreferenced` returns, then empty folders of versions and modules. */
export async function removeUnreferenced(home: Home, served: ReadonlySet<string>): Promise<void> {
  for (const folder of await listUnreferenced(home, served)) await rm(folder, { recursive: true, force: true });
  for (const name of await subfolders(home.modules)) {
    for (const version of await subfolders(path.join(home.modules, name))) {
      await removeIfEmpty(versionFolder(home, name, version));
    }
    await removeIfEmpty(path.join(home.modules, name));
  }
}

/**
 * Lists copies that neither a pointer nor a server uses, and folders of killed installs. A copy is kept for a grace period
 * after its pointer is removed, because a server that has just read the pointer may be starting.
 *
 * @param served hashes of the copies that servers use
 */
export async function listUnreferenced(home: Home, served: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const name of await subfolders(home.modules)) {
    for (const version of await subfolders(path.join(home.modules, name))) {
      const folder = versionFolder(home, name, version);
      const isNamed = await namedCopies(home, name, version);
      for (const hash of await subfolders(folder)) {
        if (!isNamed(hash) && !served.has(hash)) found.push(path.join(folder, hash));
      }
    }
  }
  const entries = await readdir(home.modules).catch(ifMissing<string[]>([]));
  for (const entry of entries) if (entry.startsWith(stagingPrefix)) found.push(path.join(home.modules, entry));
  const old = await Promise.all(found.map(isAbandoned));
  return found.filter((_, i) => old[i]);
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}
