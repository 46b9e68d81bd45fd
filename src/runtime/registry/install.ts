import { createHash, randomBytes } from 'node:crypto';
import { cp, lstat, mkdir, readFile, readlink, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot, packageVersion, type Home } from '../settings.js';
import { compilePackage, type Bundle } from './compile.js';
import { inspectBundle } from './inspect.js';
import { findPackage, type PackageFolder } from './package-folder.js';
import { bundleName, contentFolder, listVersions, stagingPrefix, writePointer, type InstalledModule } from './store.js';

export interface InstallResult extends InstalledModule {
  /** Whether this name and version was there before; its old copy is replaced. */
  readonly replaced: boolean;
}

/**
 * Compiles a package, loads it once to check it, and makes it the installed one of its name and version. Whatever goes
 * wrong on the way, the registry is as it was.
 *
 * @throws OcrHubError of `findPackage`, `compilePackage` and `inspectBundle`
 */
export async function installPackage(home: Home, argument: string): Promise<InstallResult> {
  const source = await findPackage(argument);
  const bundle = await compilePackage(source);
  await linkRuntime(home);
  const staging = path.join(home.modules, `${stagingPrefix}${randomBytes(6).toString('hex')}`);
  try {
    await writeCopy(staging, source, bundle);
    const info = await inspectBundle(path.join(staging, bundleName), source.folder);
    const module = {
      ...info,
      parameters: [...info.parameters],
      hash: contentHash(staging, bundle),
      source: source.folder,
      installedAt: new Date().toISOString(),
      ocrhub: packageVersion,
    };
    const before = await listVersions(home, module.name).catch(() => []);
    const folder = contentFolder(home, module);
    await moveIntoPlace(staging, folder, bundle);
    await writePointer(home, module);
    return { ...module, path: folder, replaced: before.some((other) => other.version === module.version) };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * Makes `import ... from 'ocrhub'` in installed modules find this very package, by a link in the home folder's
 * node_modules (a junction on Windows, which needs no rights).
 */
export async function linkRuntime(home: Home): Promise<void> {
  const link = path.join(home.root, 'node_modules', 'ocrhub');
  await mkdir(path.dirname(link), { recursive: true });
  if ((await readlink(link).catch(() => undefined)) === packageRoot) return;
  const temporary = `${link}-${randomBytes(6).toString('hex')}`;
  await symlink(packageRoot, temporary, 'junction');
  if ((await lstat(link).catch(() => undefined)) !== undefined && process.platform === 'win32') {
    await rm(link, { recursive: true, force: true });
  }
  await rename(temporary, link);
}

/** The copy keeps the author's files beside the bundle: they are what `show` points at and what stack traces name. */
async function writeCopy(target: string, source: PackageFolder, bundle: Bundle): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const input of bundle.inputs) await cp(path.join(source.folder, input), path.join(target, input));
  const config = path.join(source.folder, 'config.json');
  if ((await stat(config).catch(() => undefined)) !== undefined) await cp(config, path.join(target, 'config.json'));
  await writeFile(path.join(target, bundleName), bundle.code);
  await writeFile(path.join(target, `${bundleName}.map`), bundle.sourceMap);
}

/** First 16 hex digits of the SHA-256 over code, sources and config.json: the same content gets the same name. */
function contentHash(copy: string, bundle: Bundle): string {
  const hash = createHash('sha256').update(bundle.code);
  for (const input of bundle.inputs) hash.update(input).update(readFileSync(path.join(copy, input)));
  try {
    hash.update(readFileSync(path.join(copy, 'config.json')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return hash.digest('hex').slice(0, 16);
}

async function moveIntoPlace(staging: string, folder: string, bundle: Bundle): Promise<void> {
  if (await tryRename(staging, folder)) return;
  // The same content is there already, from an earlier install or another process's: theirs is as good, if it is whole.
  const there = await readFile(path.join(folder, bundleName)).catch(() => undefined);
  if (there?.equals(bundle.code) === true) {
    const now = new Date();
    // Young again, so that a clean-up by another process keeps it until the pointer names it.
    await utimes(folder, now, now);
    return;
  }
  await rename(folder, `${staging}-damaged`);
  await rename(staging, folder);
  await rm(`${staging}-damaged`, { recursive: true, force: true });
}

/** False when the target is there already. */
async function tryRename(from: string, to: string): Promise<boolean> {
  // Another process's clean-up may remove the folder of a version while it is still empty.
  for (let attempt = 1; ; attempt++) {
    await mkdir(path.dirname(to), { recursive: true });
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
