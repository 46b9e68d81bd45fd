import { randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OcrHubError } from '../../errors/error.js';
import { openRegularFile } from '../../files/read-regular.js';
import { makeFolder } from '../../files/make-folder.js';
import { isPresent } from '../../files/missing.js';
import { namingCopy } from '../../files/naming-copy.js';
import { externalDataOf } from '../../models/external-data.js';
import { sha256Of } from '../../models/verify.js';
import type { ReadModel } from './read-models.js';

/**
 * Copies the models to a new folder, under the file names of a set. Files with the weights of a model keep their names, because the
 * model names them.
 *
 * @throws OcrHubError `model_mismatch` for weights outside the folder of a model, or if two models name different files alike
 */
export async function copyModels(models: readonly ReadModel[], folder: string): Promise<void> {
  await mkdir(folder);
  const copied = new Map<string, string>();
  const copy = async (from: string, name: string, model: string): Promise<void> => {
    const other = copied.get(name);
    if (other === from) return;
    if (other !== undefined) {
      const problem = `its weights are in ${name}, and another file of the set has that name: ${other}; save the model in one file`;
      throw new OcrHubError('model_mismatch', { path: model, problem });
    }
    copied.set(name, from);
    const target = path.join(folder, name);
    await makeFolder(path.dirname(target));
    // A copy of a pipe would wait, and one of a device would never end.
    await (await openRegularFile(from)).close();
    await copyFile(from, target).catch(namingCopy);
  };
  for (const { role, file, dictionary } of models) {
    await copy(file, `${role}.onnx`, file);
    if (dictionary === undefined) continue;
    await copy(dictionary, /\.ya?ml$/i.test(dictionary) ? 'inference.yml' : 'dict.txt', file);
  }
  for (const { file } of models) {
    for (const name of await externalDataOf(file)) await copy(path.join(path.dirname(file), name), name, file);
  }
}

/** Whether a set of the home folder has the same files as a folder of models. */
export async function compareSet(folder: string, set: string): Promise<'absent' | 'same' | 'other'> {
  if (!isPresent(set)) return 'absent';
  const [ours, theirs] = await Promise.all([hashesBelow(folder), hashesBelow(set)]);
  return isDeepStrictEqual(ours, theirs) ? 'same' : 'other';
}

/** The SHA-256 of each file by its path in the folder. */
async function hashesBelow(folder: string): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isDirectory()) hashes[path.relative(folder, file)] = await sha256Of(file);
  }
  return hashes;
}

/**
 * Copies a model set to the home folder. If copying fails, no part of the set remains. A set that is there is never replaced: on POSIX
 * a rename would take the place of an empty folder, and on Windows it fails for each.
 *
 * @returns what has the name if another process was faster
 */
export async function publishSet(folder: string, set: string): Promise<'published' | 'same' | 'other'> {
  await makeFolder(path.dirname(set));
  const staging = path.join(path.dirname(set), `.${randomBytes(6).toString('hex')}`);
  try {
    await cp(folder, staging, { recursive: true }).catch(namingCopy);
    const before = await compareSet(folder, set);
    if (before !== 'absent') return before;
    await rename(staging, set);
    return 'published';
  } catch (error) {
    const after = await compareSet(folder, set).catch(() => 'absent' as const);
    if (after === 'absent') throw error;
    return after;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Matches the names of incomplete copies of a set. */
export const setLeftoverPattern = /^\.[0-9a-f]{12}$/;
