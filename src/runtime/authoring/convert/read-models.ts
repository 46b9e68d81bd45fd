import path from 'node:path';
import { OcrHubError } from '../../errors/error.js';
import type { Home } from '../../config/home.js';
import { openSession, type Session } from '../../inference/session.js';
import { loadDictionary } from '../../models/dictionary.js';
import type { Role } from '../../models/manifest.js';
import { resolveModel } from '../../models/resolve.js';
import { Classifier } from '../../ocr/classify/classifier.js';
import { Detector } from '../../ocr/detect/detector.js';
import { classifierParams, detectorParams, recognizerParams } from '../../ocr/params.js';
import { Recognizer } from '../../ocr/recognize/recognizer.js';
import { check } from '../../values/check.js';

/** The models of the user's own. */
export interface GivenModels {
  /** What `det_model_dir` and the like take: a file, a folder, a set's name. */
  readonly models: Readonly<Partial<Record<Role, string>>>;
  /** The recogniser's characters, where they do not lie beside it. */
  readonly dict: string | undefined;
}

/** A model that is here and fits, and what params.ts has to say of it. */
export interface ReadModel {
  readonly role: Role;
  readonly file: string;
  readonly dictionary?: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
}

/** Loads each model from where it is, so that what does not fit is named by the user's own path. */
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
      const problem = 'the recogniser has no dict.txt or inference.yml beside it; say which dictionary is its own';
      throw new OcrHubError('value_invalid', { subject: '--dict', key: '', value: dict, problem });
    }
    const { length } = await loadDictionary(dictionary);
    // The blank and all characters, but no class for the space.
    const spaceless: Record<string, boolean> =
      session.outputs[0]?.dims[2] === length + 1 ? { use_space_char: false } : {};
    const params = { ...lineParams(role, session, 320), ...spaceless };
    const own = { rec_model_dir: model.file, rec_char_dict_path: dictionary.file };
    await Recognizer.create(check(recognizerParams, { ...own, ...params }, model.file));
    read.push({ role, file: model.file, dictionary: dictionary.file, params });
  }
  return read;
}

/** Of which roles there is a model. */
export function rolesOf(models: GivenModels['models']): Role[] {
  return (['det', 'rec', 'cls'] as const).filter((role) => models[role] !== undefined);
}

/** The sizes that are fixed in the file, where they are not the usual ones. */
function lineParams(role: 'rec' | 'cls', { inputDims }: Session, usualWidth: number): Record<string, string | number> {
  const [lines, , height = 48, width = usualWidth] = inputDims;
  return {
    ...(height === 48 && width === usualWidth ? {} : { [`${role}_image_shape`]: `3, ${height}, ${width}` }),
    ...(lines === undefined ? {} : { [`${role}_batch_num`]: lines }),
  };
}
