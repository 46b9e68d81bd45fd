import { randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../files/make-folder.js';
import type { ReadModel } from './read-models.js';

/** Copies the models to a new folder, under the file names of a set. */
export async function copyModels(models: readonly ReadModel[], folder: string): Promise<void> {
  await mkdir(folder);
  for (const { role, file, dictionary } of models) {
    await copyFile(file, path.join(folder, `${role}.onnx`));
    if (dictionary === undefined) continue;
    const name = /\.ya?ml$/i.test(dictionary) ? 'inference.yml' : 'dict.txt';
    await copyFile(dictionary, path.join(folder, name));
  }
}

/** Copies a model set to the home folder. If copying fails, no part of the set remains. */
export async function publishSet(folder: string, set: string): Promise<void> {
  await makeFolder(path.dirname(set));
  const staging = path.join(path.dirname(set), `.${randomBytes(6).toString('hex')}`);
  try {
    await cp(folder, staging, { recursive: true });
    await rename(staging, set);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Matches the names of incomplete copies of a set. */
export const setLeftoverPattern = /^\.[0-9a-f]{12}$/;
