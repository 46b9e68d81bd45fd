import path from 'node:path';
import { OcrHubError } from '../../errors/error.js';
import type { Home } from '../../config/home.js';
import { openSession, type Session } from '../../inference/session.js';
import { loadDictionary } from '../../models/dictionary.js';
import { oddEntries } from '../../models/odd-entries.js';
import type { Role } from '../../models/manifest.js';
import { resolveModel } from '../../models/resolve.js';
import { Classifier } from '../../ocr/classify/classifier.js';
import { Detector } from '../../ocr/detect/detector.js';
import { classifierParams } from '../../ocr/classify/params.js';
import { detectorParams } from '../../ocr/detect/params.js';
import { requireInput } from '../../ocr/network-shapes.js';
import { recognizerParams } from '../../ocr/recognize/params.js';
import { Recognizer } from '../../ocr/recognize/recognizer.js';
import { check } from '../../values/check.js';

/** The user's models. */
export interface GivenModels {
  /** Values as for `det_model_dir`: a file, a folder or the name of a set. */
  readonly models: Readonly<Partial<Record<Role, string>>>;
  /** The dictionary of the recognizer, unless it is beside the model. */
  readonly dict: string | undefined;
}

/** A model that was loaded, and the parameters that params.ts must set for it. */
export interface ReadModel {
  readonly role: Role;
  readonly file: string;
  readonly dictionary?: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
}

/** Loads each model from its own path, so that errors name the path that the user gave. */
export async function readModels(home: Home, { models, dict }: GivenModels): Promise<ReadModel[]> {
  const read: ReadModel[] = [];
  for (const role of rolesOf(models)) {
    const model = resolveModel(role, models[role] ?? '', home);
    if (role === 'det') {
      await Detector.create(detectorParams.parse({ det_model_dir: model.file }));
      read.push({ role, file: model.file, params: {} });
      continue;
    }
    const session = await openSession(model.file);
    if (role === 'cls') {
      const params = lineParams(role, session, 192);
      await Classifier.create(check(classifierParams, { cls_model_dir: model.file, ...params }, model.file));
      read.push({ role, file: model.file, params });
      continue;
    }
    const dictionary = dict === undefined ? model.dictionary : { file: path.resolve(dict) };
    if (dictionary === undefined) {
      const problem = 'the recognizer has no dict.txt or inference.yml beside it; name its dictionary';
      throw new OcrHubError('value_invalid', { subject: '--dict', key: '', value: dict, problem });
    }
    const characters = await loadDictionary(dictionary);
    // Classes for the blank and the characters, and none for the space. A dictionary with an odd entry has the same number.
    const isSpaceless = session.outputs[0]?.dims[2] === characters.length + 1 && oddEntries(characters).length === 0;
    const spaceParams: Record<string, boolean> = isSpaceless ? { use_space_char: false } : {};
    const params = { ...lineParams(role, session, 320), ...spaceParams };
    const files = { rec_model_dir: model.file, rec_char_dict_path: dictionary.file };
    await Recognizer.create(check(recognizerParams, { ...files, ...params }, model.file));
    read.push({ role, file: model.file, dictionary: dictionary.file, params });
  }
  return read;
}

/** Returns the roles that have a model. */
export function rolesOf(models: GivenModels['models']): Role[] {
  return (['det', 'rec', 'cls'] as const).filter((role) => models[role] !== undefined);
}

/**
 * Returns parameters for the sizes that are fixed in the model and differ from the defaults.
 *
 * @throws OcrHubError `model_mismatch` if the sizes stand elsewhere
 */
function lineParams(role: 'rec' | 'cls', session: Session, defaultWidth: number): Record<string, string | number> {
  requireInput(session, role === 'rec' ? 'a recognizer' : 'a line classifier');
  const [lines, , height = 48, width = defaultWidth] = session.inputDims;
  return {
    ...(height === 48 && width === defaultWidth ? {} : { [`${role}_image_shape`]: `3, ${height}, ${width}` }),
    ...(lines === undefined ? {} : { [`${role}_batch_num`]: lines }),
  };
}
