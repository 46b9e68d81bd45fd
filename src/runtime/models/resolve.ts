import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import type { Home } from '../config/home.js';
import { fileNames, howToGet, locateFile, setFolder, type KnownFile } from './locate.js';
import { modelSets, type ModelSet, type Role, type SetFile } from './manifest.js';
import { countedFrom, userPath } from '../files/user-path.js';
import { isPresent } from '../files/missing.js';

export interface ResolvedModel extends KnownFile {
  /** The file with a recognizer's characters, if there is one. */
  readonly dictionary?: KnownFile;
  /** PaddleOCR's `inference.yml` beside the model, if there is one. */
  readonly inferenceYml?: string;
}

/**
 * Finds the model that `spec` means: the name of a set (a known one, or a folder of that name below `models/` in the
 * home folder), a folder with `det.onnx`, `rec.onnx`, `cls.onnx` and `dict.txt` or with PaddleOCR's `inference.onnx`
 * and `inference.yml`, or an ONNX file (a recognizer's dictionary is looked up beside it). No file is read yet.
 *
 * @throws OcrHubError `model_unknown` when it is none of these, `model_missing` when a file does not exist.
 */
export function resolveModel(role: Role, spec: string, home: Home): ResolvedModel {
  const set = modelSets().get(spec);
  if (set !== undefined) return fromSet(home, role, spec, set);
  if (isSetName(spec) && isPresent(setFolder(home, spec))) return fromFolder(role, setFolder(home, spec));
  const location = userPath(spec);
  if (!isPresent(location)) {
    if (looksLikePath(spec)) throw missing(location, `${countedFrom(spec)}Put the model there, or name a model set.`);
    throw new OcrHubError('model_unknown', { name: spec, role, known: [...modelSets().keys(), ...ownSets(home)] });
  }
  return statSync(location).isDirectory() ? fromFolder(role, location) : withNeighbours(role, location);
}

/** The sets of the user's own models in the home folder. */
export function ownSets(home: Home): string[] {
  if (!isPresent(home.models)) return [];
  return readdirSync(home.models, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isSetName(entry.name) && !modelSets().has(entry.name))
    .map(({ name }) => name)
    .sort();
}

function fromSet(home: Home, role: Role, name: string, set: ModelSet): ResolvedModel {
  if (set.files[role] === undefined) throw new OcrHubError('model_unknown', { name, role, known: setsWith(role) });
  const located = (setFile: SetFile): KnownFile => {
    const { file, sha256 } = locateFile(home, name, set, setFile) ?? {};
    if (file === undefined) throw missing(`${name}/${fileNames(setFile)[0] ?? ''}`, howToGet(name, set));
    return sha256 === undefined ? { file } : { file, sha256 };
  };
  return role === 'rec' && set.files.dict !== undefined
    ? { ...located(role), dictionary: located('dict') }
    : located(role);
}

function setsWith(role: Role): string[] {
  return [...modelSets()].filter(([, set]) => set.files[role] !== undefined).map(([name]) => name);
}

function fromFolder(role: Role, folder: string): ResolvedModel {
  const [own = '', paddle = ''] = [`${role}.onnx`, 'inference.onnx'].map((name) => path.join(folder, name));
  const file = [own, paddle].find(isPresent);
  if (file !== undefined) return withNeighbours(role, file);
  const dictionary = role === 'rec' ? ' and dict.txt' : '';
  throw missing(own, `A model folder holds ${role}.onnx${dictionary}, or inference.onnx and inference.yml.`);
}

function withNeighbours(role: Role, file: string): ResolvedModel {
  const beside = (name: string): string | undefined => {
    const neighbour = path.join(path.dirname(file), name);
    return isPresent(neighbour) ? neighbour : undefined;
  };
  const dictionary =
    role === 'rec'
      ? fileNames('dict')
          .map(beside)
          .find((name) => name !== undefined)
      : undefined;
  // In a folder of several models, inference.yml belongs to inference.onnx or to the recognizer.
  const inferenceYml = role === 'rec' || path.basename(file) === 'inference.onnx' ? beside('inference.yml') : undefined;
  return {
    file,
    ...(dictionary === undefined ? {} : { dictionary: { file: dictionary } }),
    ...(inferenceYml === undefined ? {} : { inferenceYml }),
  };
}

/** A set's name is one word, so that it cannot point outside the folder of models. */
function isSetName(spec: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(spec);
}

function looksLikePath(spec: string): boolean {
  return /[\\/]/.test(spec) || spec.endsWith('.onnx') || spec.startsWith('.');
}

function missing(file: string, how: string): OcrHubError {
  return new OcrHubError('model_missing', { path: file, how });
}
