import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFile } from '../../files/read-regular.js';
import { OcrHubError } from '../../errors/error.js';
import type { Home } from '../../config/home.js';
import { setFolder } from '../../models/locate.js';
import { modelSets, type Role } from '../../models/manifest.js';
import { createPackage } from '../create.js';
import { checkName } from '../../registry/module-id.js';
import { compareSet, copyModels, publishSet } from './user-set.js';
import { requireRead } from './try-out.js';
import { readModels, rolesOf, type GivenModels, type ReadModel } from './read-models.js';

export interface ConvertRequest extends GivenModels {
  readonly name: string;
  /** The stock package to copy. Default: the smallest that uses all the models. */
  readonly from: string | undefined;
  /** The package's folder. */
  readonly output: string;
  /**
   * Reads the picture with `drawnText` with the package in a folder and answers the text. `set` has the parameters with which the
   * package finds its models, before they are a set. If it throws, nothing is written.
   */
  readonly tryOut: (folder: string, set: readonly string[]) => Promise<string>;
}

export interface ConvertResult {
  readonly name: string;
  /** The package's folder. */
  readonly path: string;
  /** The stock package that was copied. */
  readonly from: string;
  /** The folder of the model set that its params.ts names. */
  readonly models: string;
}

/**
 * Makes a package for the user's models: copies a stock package, adds a model set to the home folder and sets the
 * parameters to it. The package keeps a copy of the models in `models/`.
 *
 * The package gets its place last. A conversion that was killed has left a set without a package at most, and the same conversion
 * takes this set.
 *
 * @throws OcrHubError `value_invalid`, `model_set_exists`, `model_mismatch`, those of `resolveModel` and
 *   `createPackage`, and any error of `tryOut`
 */
export async function convertModels(home: Home, request: ConvertRequest): Promise<ConvertResult> {
  const { name } = request;
  checkName(name);
  const from = baseOf(request);
  const set = setFolder(home, name);
  if (modelSets().has(name)) throw new OcrHubError('model_set_exists', { name, folder: set });
  const models = await readModels(home, request);
  const published: string[] = [];
  const complete = async (folder: string): Promise<void> => {
    const own = path.join(folder, 'models');
    await copyModels(models, own);
    await setParams(path.join(folder, 'params.ts'), name, models);
    // The module reads the set in the home folder, so its copy needs no models.
    await writeFile(path.join(folder, 'package.json'), `${JSON.stringify({ private: true, files: [] }, null, 2)}\n`);
    const state = await compareSet(own, set);
    if (state === 'other') throw new OcrHubError('model_set_exists', { name, folder: set });
    await requireRead(
      models,
      await request.tryOut(
        folder,
        models.map(({ role }) => `${role}_model_dir=${own}`),
      ),
    );
    if (state === 'same') return;
    const end = await publishSet(own, set);
    if (end === 'other') throw new OcrHubError('model_set_exists', { name, folder: set });
    if (end === 'published') published.push(set);
  };
  try {
    const { path: folder } = await createPackage(request.output, from, { name, complete });
    return { name, path: folder, from, models: set };
  } catch (error) {
    for (const place of published) await rm(place, { recursive: true, force: true });
    throw error;
  }
}

const stockRoles: Readonly<Record<string, readonly Role[]>> = {
  ocr_system: ['det', 'cls', 'rec'],
  ocr_det: ['det'],
  ocr_cls: ['cls'],
  ocr_rec: ['rec'],
};

/** Returns `--from`, or the smallest stock package that uses all the models. */
function baseOf({ models, from }: ConvertRequest): string {
  const given = rolesOf(models);
  const uses = (name: string): boolean => given.every((role) => stockRoles[name]?.includes(role) === true);
  const base = from ?? (given.length === 1 ? `ocr_${given[0] ?? ''}` : 'ocr_system');
  if (uses(base)) return base;
  const fitting = Object.keys(stockRoles).filter(uses).join(', ');
  const problem = `expected a stock package that uses ${given.join(', ')}: ${fitting}`;
  throw new OcrHubError('value_invalid', { subject: '--from', key: '', value: from, problem });
}

async function setParams(file: string, set: string, models: readonly ReadModel[]): Promise<void> {
  let text = await readRegularFile(file);
  for (const { role, params } of models) {
    for (const [name, value] of Object.entries({ [`${role}_model_dir`]: set, ...params })) {
      const literal = typeof value === 'string' ? `'${value}'` : String(value);
      text = text.replace(new RegExp(`^(\\s*${name}:) .*,$`, 'm'), `$1 ${literal},`);
    }
  }
  await writeFile(file, text);
}
