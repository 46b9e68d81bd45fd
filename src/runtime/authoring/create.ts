import { cp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFile } from '../files/read-regular.js';
import { OcrHubError } from '../errors/error.js';
import { ifMissing } from '../files/missing.js';
import { makeFolder } from '../files/make-folder.js';
import { namingCopy } from '../files/naming-copy.js';
import { packageRoot } from '../package.js';
import { toUnwritable } from '../files/unwritable.js';
import { isWithin } from '../files/within.js';
import { checkName } from '../registry/module-id.js';
import { processExists } from '../process/exists.js';
import { findPackage } from '../registry/package-folder.js';
import { renameModule } from './rename-module.js';

export interface CreatedPackage {
  readonly name: string;
  /** The new package's folder. */
  readonly path: string;
}

interface CreateOptions {
  /** The name of the module. Default: that of the folder. */
  readonly name?: string | undefined;
  /** Completes the package, given its folder, before it gets its place. If it throws, nothing is created. */
  readonly complete?: (folder: string) => Promise<void>;
}

/**
 * Copies a package under a new name and adds a tsconfig.json, so that an editor finds the types of "ocrhub".
 *
 * @param from the name of a stock package, or a folder
 * @throws OcrHubError `folder_not_empty`, `folder_unwritable`, `module_name_illegal`, `value_invalid`, those of
 *   `findPackage`, and any error of `complete`
 */
export async function createPackage(
  folder: string,
  from: string,
  { name = path.basename(path.resolve(folder)), complete }: CreateOptions = {},
): Promise<CreatedPackage> {
  checkName(name);
  const target = path.resolve(folder);
  const wasThere = await requireFree(target);
  const source = await findPackage(from);
  if (isWithin(source.folder, target)) {
    const problem = 'it is inside the copied folder; choose one outside it';
    throw new OcrHubError('value_invalid', { subject: 'folder', key: '', value: folder, problem });
  }
  const staging = wasThere ? path.join(target, stagingName) : `${target}${stagingName}`;
  try {
    await makeFolder(path.dirname(target));
    await removeInterrupted(target);
    const filter = (file: string): boolean => path.basename(file) !== 'node_modules';
    await cp(source.folder, staging, { recursive: true, filter }).catch(namingCopy);
    const module = path.join(staging, source.module);
    const renamed = renameModule(await readRegularFile(module), name);
    if (renamed === undefined) {
      const problem = `no module name found in ${source.module}; write it as defineModule({ name: '${path.basename(source.folder)}', ... })`;
      throw new OcrHubError('value_invalid', { subject: '--from', key: '', value: from, problem });
    }
    await writeFile(module, renamed);
    if (source.config !== undefined) {
      const config = renameInConfig(source.config, name, path.join(source.folder, 'config.json'));
      await writeFile(path.join(staging, 'config.json'), config);
    }
    await writeFile(path.join(staging, 'tsconfig.json'), `${JSON.stringify(editorConfig(), null, 2)}\n`);
    await complete?.(staging);
    if (wasThere) await moveInto(target, staging);
    else {
      // The rename fails if another process has created the folder meanwhile.
      await rename(staging, target).catch((error: unknown) => {
        if (!existsCodes.has(codeOf(error))) throw error;
        throw new OcrHubError('folder_not_empty', { folder: target }, { cause: error });
      });
    }
  } catch (error) {
    throw toUnwritable(target, error, staging);
  } finally {
    // What is left of it does no harm; the first error is what a user needs.
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
  }
  return { name, path: target };
}

/** The codes of a rename to a folder that was created meanwhile; Windows says EPERM. */
const existsCodes = new Set(['EEXIST', 'ENOTEMPTY', 'ENOTDIR', ...(process.platform === 'win32' ? ['EPERM'] : [])]);

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** The package is prepared beside its folder, or inside if the folder exists. */
const stagingName = `.creating-${process.pid}`;
const stagingPattern = /^\.creating-(\d+)$/;

/** Removes what processes that were killed have prepared for this folder. */
async function removeInterrupted(target: string): Promise<void> {
  const [parent, name] = [path.dirname(target), path.basename(target)];
  for (const entry of await readdir(parent).catch(ifMissing<string[]>([]))) {
    const pid = entry.startsWith(name) ? stagingPattern.exec(entry.slice(name.length))?.[1] : undefined;
    if (pid === undefined || processExists(Number(pid))) continue;
    await rm(path.join(parent, entry), { recursive: true, force: true });
  }
}

/**
 * Returns whether the folder exists and is empty.
 *
 * @throws OcrHubError `folder_not_empty` for a file and for a folder that is not empty; `folder_unwritable` for one that may not be read
 */
async function requireFree(target: string): Promise<boolean> {
  const present = await readdir(target).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ENOTDIR') throw new OcrHubError('folder_not_empty', { folder: target }, { cause: error });
    throw toUnwritable(target, error);
  });
  if (present !== undefined && present.length > 0) throw new OcrHubError('folder_not_empty', { folder: target });
  return present !== undefined;
}

/** Keeps the folder itself, because a terminal may have it as its working directory. */
async function moveInto(target: string, staging: string): Promise<void> {
  if ((await readdir(target)).length > 1) throw new OcrHubError('folder_not_empty', { folder: target });
  for (const name of await readdir(staging)) await rename(path.join(staging, name), path.join(target, name));
}

/** Changes the module's name in the config file, so that it serves the new package. */
function renameInConfig(config: unknown, name: string, file: string): string {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new OcrHubError('value_invalid', { subject: file, key: '', value: config, problem: 'expected an object' });
  }
  const { modules_info } = config as { modules_info?: Record<string, unknown> | null };
  const [args = {}] = Object.values(modules_info ?? {});
  return `${JSON.stringify({ ...config, modules_info: { [name]: args } }, null, 2)}\n`;
}

/** tsconfig.json for editors. */
function editorConfig(): object {
  return {
    compilerOptions: {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      paths: { ocrhub: [path.join(packageRoot, 'dist', 'runtime', 'index.d.ts')] },
    },
    include: ['*.ts'],
  };
}
