import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFile } from '../../files/read-regular.js';
import { OcrHubError } from '../../errors/error.js';
import { toUnwritable } from '../../files/unwritable.js';
import type { Home } from '../../config/home.js';
import { setFolder } from '../../models/locate.js';
import { modelSets, type Role } from '../../models/manifest.js';
import { createPackage } from '../create.js';
import { checkName } from '../../registry/module-id.js';
import { copyModels, publishSet } from './user-set.js';
import { requireRead } from './try-out.js';
import { readModels, rolesOf, type GivenModels, type ReadModel } from './read-models.js';

export interface ConvertRequest extends GivenModels {
  readonly name: string;
  /** The stock package to copy. Default: the smallest that uses all the models. */
  readonly from: string | undefined;
  /** The package's folder. */
  readonly output: string;
  /** Reads the picture with `drawnText` and answers the text. If it throws, the package and its models are removed. */
  readonly tryOut: (folder: string) => Promise<string>;
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
 * @throws OcrHubError `value_invalid`, `model_set_exists`, `model_mismatch`, those of `resolveModel` and
 *   `createPackage`, and any error of `tryOut`
 */
export async function convertModels(home: Home, request: ConvertRequest): Promise<ConvertResult> {
  const { name } = request;
  checkName(name);
  const from = baseOf(request);
  const set = setFolder(home, name);
  if (modelSets().has(name) || existsSync(set)) throw new OcrHubError('model_set_exists', { name, folder: set });
  const models = await readModels(home, request);

  const { path: folder, wasThere } = await createPackage(request.output, from, name);
  try {
    await copyModels(models, path.join(folder, 'models'));
    await setParams(path.join(folder, 'params.ts'), name, models);
    // The module reads the set in the home folder, so its copy needs no models.
    await writeFile(path.join(folder, 'package.json'), `${JSON.stringify({ private: true, files: [] }, null, 2)}\n`);
    await publishSet(path.join(folder, 'models'), set);
    try {
      await requireRead(models, await request.tryOut(folder));
    } catch (error) {
      await rm(set, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    await removePackage(folder, wasThere);
    throw toUnwritable(folder, error);
  }
  return { name, path: folder, from, models: set };
}

/** Removes the package, but keeps a folder that existed before: a terminal may have it as its working directory. */
async function removePackage(folder: string, wasThere: boolean): Promise<void> {
  const written = wasThere ? (await readdir(folder).catch(() => [])).map((name) => path.join(folder, name)) : [folder];
  for (const place of written) await rm(place, { recursive: true, force: true });
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
