import { randomBytes } from 'node:crypto';
import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../files/make-folder.js';
import { packageVersion } from '../package.js';
import type { Home } from '../config/home.js';
import { compilePackage } from './compile/compile.js';
import { bundleName } from '../module/load.js';
import { contentHash } from './content-hash.js';
import { copyAlong } from './copy-along.js';
import { inspectBundle } from './inspect.js';
import type { PackageFolder } from './package-folder.js';
import { contentFolder, stagingPrefix, type InstalledModule } from './store.js';

/**
 * Compiles a package, loads it once to check it, and moves the immutable copy into the registry. No pointer names that copy
 * yet: `install` writes one, and a server that serves a folder keeps its copy without one.
 *
 * @throws OcrHubError of `compilePackage`, `copyAlong` and `inspectBundle`; the registry is unchanged then
 */
export async function buildPackage(home: Home, source: PackageFolder): Promise<InstalledModule> {
  const bundle = await compilePackage(source);
  const staging = path.join(home.modules, `${stagingPrefix}${randomBytes(6).toString('hex')}`);
  try {
    await makeFolder(staging);
    await copyAlong(staging, source, bundle, home.root);
    await writeFile(path.join(staging, bundleName), bundle.code);
    await writeFile(path.join(staging, `${bundleName}.map`), bundle.sourceMap);
    const info = await inspectBundle(path.join(staging, bundleName), source.folder);
    const module = {
      ...info,
      hash: await contentHash(staging),
      source: source.folder,
      installedAt: new Date().toISOString(),
      ocrhub: packageVersion,
    };
    const folder = contentFolder(home, module);
    await moveIntoPlace(staging, folder, module.hash);
    return { ...module, path: folder };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function moveIntoPlace(staging: string, folder: string, hash: string): Promise<void> {
  if (await tryRename(staging, folder)) return;
  // An earlier or simultaneous install wrote the same content. Use that copy if it is intact.
  if ((await contentHash(folder).catch(() => undefined)) === hash) {
    const now = new Date();
    // The new time makes another process's clean-up keep the copy until a pointer names it.
    await utimes(folder, now, now);
    return;
  }
  await rename(folder, `${staging}-damaged`);
  await rename(staging, folder);
  await rm(`${staging}-damaged`, { recursive: true, force: true });
}

/** Returns false if the target exists. */
async function tryRename(from: string, to: string): Promise<boolean> {
  // Another process's clean-up may remove the folder of a version while it is still empty.
  for (let attempt = 1; ; attempt++) {
    await makeFolder(path.dirname(to));
    try {
      await rename(from, to);
      return true;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) return false;
      if (code !== 'ENOENT' || attempt === 3) throw error;
    }
  }
}
