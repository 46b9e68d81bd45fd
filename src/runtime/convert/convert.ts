import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors.js';
import { makeFolder } from '../files/make-folder.js';
import { openSession, type Session } from '../inference/session.js';
import { loadDictionary } from '../models/dictionary.js';
import { setFolder } from '../models/locate.js';
import { modelSets, type Role } from '../models/manifest.js';
import { resolveModel } from '../models/resolve.js';
import { Classifier } from '../ocr/classifier.js';
import { Detector } from '../ocr/detector.js';
import { classifierParams, detectorParams, recognizerParams } from '../ocr/params.js';
import { Recognizer } from '../ocr/recognizer.js';
import { check } from '../schema.js';
import type { Home } from '../home.js';
import { toUnwritable } from '../files/unwritable.js';
import { createPackage } from '../registry/create.js';
import { checkName } from '../registry/module-id.js';

export interface ConvertRequest {
  readonly name: string;
  /** What `det_model_dir` and the like take: a file, a folder, a set's name. */
  readonly models: Readonly<Partial<Record<Role, string>>>;
  /** The recogniser's characters, where they do not lie beside it. */
  readonly dict: string | undefined;
  /** The stock package to copy; by default the one for these models. */
  readonly from: string | undefined;
  /** The package's folder. */
  readonly output: string;
  /** Runs the package once; when it throws, nothing is left of it. */
  readonly tryOut: (folder: string) => Promise<void>;
}

export interface ConvertResult {
  readonly name: string;
  /** The package's folder. */
  readonly path: string;
  /** The stock package it is a copy of. */
  readonly from: string;
  /** The set of models that its params.ts names. */
  readonly models: string;
}

/**
 * Makes a package of the user's own models: a copy of a stock package, its parameters set to a new set of models in the
 * home folder. The package keeps a copy in its `models/` as well.
 *
 * @throws OcrHubError `value_invalid`, `model_set_exists`, `model_mismatch`, those of `resolveModel` and
 *   `createPackage`, and what `tryOut` throws
 */
export async function convertModels(home: Home, request: ConvertRequest): Promise<ConvertResult> {
  const { name } = request;
  checkName(name);
  const from = baseOf(request);
  const set = setFolder(home, name);
  if (modelSets().has(name) || existsSync(set)) throw new OcrHubError('model_set_exists', { name, folder: set });
  const parts = await readModels(home, request);

  const { path: folder, wasThere } = await createPackage(request.output, from, name);
  try {
    await copyModels(parts, path.join(folder, 'models'));
    await setParams(path.join(folder, 'params.ts'), name, parts);
    await publish(path.join(folder, 'models'), set);
    await request.tryOut(folder).catch(async (error: unknown) => {
      await rm(set, { recursive: true, force: true });
      throw error;
    });
  } catch (error) {
    await takeBack(folder, wasThere);
    throw toUnwritable(folder, error);
  }
  return { name, path: folder, from, models: set };
}

/** Removes the package; a folder that was there before it stays, as a terminal may be in it. */
async function takeBack(folder: string, wasThere: boolean): Promise<void> {
  const written = wasThere ? (await readdir(folder).catch(() => [])).map((name) => path.join(folder, name)) : [folder];
  for (const place of written) await rm(place, { recursive: true, force: true });
}

/** A model that is here and fits, and what params.ts has to say of it. */
interface ConvertedPart {
  readonly role: Role;
  readonly file: string;
  readonly dictionary?: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
}

const stock: Readonly<Record<string, readonly Role[]>> = {
  ocr_system: ['det', 'cls', 'rec'],
  ocr_det: ['det'],
  ocr_cls: ['cls'],
  ocr_rec: ['rec'],
};

/** The package asked for, or the smallest one that uses all the models. */
function baseOf({ models, from }: ConvertRequest): string {
  const given = rolesOf(models);
  const uses = (name: string): boolean => given.every((role) => stock[name]?.includes(role) === true);
  const base = from ?? (given.length === 1 ? `ocr_${given[0] ?? ''}` : 'ocr_system');
  if (uses(base)) return base;
  const fitting = Object.keys(stock).filter(uses).join(', ');
  const problem = `expected a stock package that uses ${given.join(', ')}: ${fitting}`;
  throw new OcrHubError('value_invalid', { subject: 'flag --from', key: '', value: from, problem });
}

function rolesOf(models: ConvertRequest['models']): Role[] {
  return (['det', 'rec', 'cls'] as const).filter((role) => models[role] !== undefined);
}

/** Loads each model from where it is, so that what does not fit is named by the user's own path. */
async function readModels(home: Home, { models, dict }: ConvertRequest): Promise<ConvertedPart[]> {
  const parts: ConvertedPart[] = [];
  for (const role of rolesOf(models)) {
    const model = resolveModel(role, models[role] ?? '', home);
    if (role === 'det') {
      await Detector.create(detectorParams.parse({ det_model_dir: model.file }));
      parts.push({ role, file: model.file, params: {} });
      continue;
    }
    const session = await openSession(model.file);
    if (role === 'cls') {
      const params = lineParams(role, session, 192);
      await Classifier.create(check(classifierParams, { cls_model_dir: model.file, ...params }, model.file));
      parts.push({ role, file: model.file, params });
      continue;
    }
    const dictionary = dict === undefined ? model.dictionary : { file: path.resolve(dict) };
    if (dictionary === undefined) {
      const problem = 'the recogniser has no dict.txt or inference.yml beside it; say which dictionary is its own';
      throw new OcrHubError('value_invalid', { subject: 'flag --dict', key: '', value: dict, problem });
    }
    const { length } = await loadDictionary(dictionary);
    // The blank and all characters, but no class for the space.
    const spaceless: Record<string, boolean> =
      session.outputs[0]?.dims[2] === length + 1 ? { use_space_char: false } : {};
    const params = { ...lineParams(role, session, 320), ...spaceless };
    const own = { rec_model_dir: model.file, rec_char_dict_path: dictionary.file };
    await Recognizer.create(check(recognizerParams, { ...own, ...params }, model.file));
    parts.push({ role, file: model.file, dictionary: dictionary.file, params });
  }
  return parts;
}

/** The sizes that are fixed in the file, where they are not the usual ones. */
function lineParams(role: 'rec' | 'cls', { inputDims }: Session, usualWidth: number): Record<string, string | number> {
  const [lines, , height = 48, width = usualWidth] = inputDims;
  return {
    ...(height === 48 && width === usualWidth ? {} : { [`${role}_image_shape`]: `3, ${height}, ${width}` }),
    ...(lines === undefined ? {} : { [`${role}_batch_num`]: lines }),
  };
}

async function copyModels(parts: readonly ConvertedPart[], folder: string): Promise<void> {
  await mkdir(folder);
  for (const { role, file, dictionary } of parts) {
    await copyFile(file, path.join(folder, `${role}.onnx`));
    if (dictionary === undefined) continue;
    const name = /\.ya?ml$/i.test(dictionary) ? 'inference.yml' : 'dict.txt';
    await copyFile(dictionary, path.join(folder, name));
  }
}

async function setParams(file: string, set: string, parts: readonly ConvertedPart[]): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const { role, params } of parts) {
    for (const [name, value] of Object.entries({ [`${role}_model_dir`]: set, ...params })) {
      const literal = typeof value === 'string' ? `'${value}'` : String(value);
      text = text.replace(new RegExp(`^(\\s*${name}:) .*,$`, 'm'), `$1 ${literal},`);
    }
  }
  await writeFile(file, text);
}

/** The set is in the home folder as a whole or not at all. */
async function publish(folder: string, set: string): Promise<void> {
  await makeFolder(path.dirname(set));
  const staging = path.join(path.dirname(set), `.${randomBytes(6).toString('hex')}`);
  try {
    await cp(folder, staging, { recursive: true });
    await rename(staging, set);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
