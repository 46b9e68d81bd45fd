import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { OcrHubError } from '../errors.js';
import { packageRoot } from '../settings.js';
import { embeddedFolder, modelSets, type ModelFile, type ModelSet, type Role } from './manifest.js';

/** A file to load, with the SHA-256 it must have when it belongs to a known set. */
export interface KnownFile {
  readonly file: string;
  readonly sha256?: string;
}

export interface ResolvedModel extends KnownFile {
  /** The characters that belong to a recogniser, where there is such a file. */
  readonly dictionary?: KnownFile;
}

/**
 * Finds the model that `spec` means: the name of a set, a folder with `det.onnx`, `rec.onnx`, `cls.onnx` and
 * `dict.txt`, or an ONNX file (a recogniser's `dict.txt` is looked for beside it). Nothing is read yet.
 *
 * @throws OcrHubError `model_unknown` when it is none of these, `model_missing` when a file is not there.
 */
export function resolveModel(role: Role, spec: string): ResolvedModel {
  const set = modelSets().get(spec);
  if (set !== undefined) return fromSet(role, spec, set);
  const location = path.resolve(spec);
  if (!existsSync(location)) {
    if (looksLikePath(spec)) throw missing(location, 'Put the model there, or name a model set.');
    throw new OcrHubError('model_unknown', { name: spec, role, known: [...modelSets().keys()] });
  }
  return statSync(location).isDirectory() ? fromFolder(role, location) : withDictionary(role, location);
}

function fromSet(role: Role, name: string, set: ModelSet): ResolvedModel {
  const model = set.files[role];
  if (model === undefined) throw new OcrHubError('model_unknown', { name, role, known: setsWith(role) });
  const folder = folderOf(set);
  const known = (entry: ModelFile): KnownFile => {
    const file = path.join(folder, entry.file);
    if (!existsSync(file)) throw missing(file, howToGet(set));
    return { file, sha256: entry.sha256 };
  };
  const { dict } = set.files;
  return role === 'rec' && dict !== undefined ? { ...known(model), dictionary: known(dict) } : known(model);
}

function setsWith(role: Role): string[] {
  return [...modelSets()].filter(([, set]) => set.files[role] !== undefined).map(([name]) => name);
}

function folderOf(set: ModelSet): string {
  if (set.origin.kind === 'embedded') return embeddedFolder;
  const resolver = createRequire(path.join(packageRoot, 'package.json'));
  try {
    return path.dirname(resolver.resolve(set.origin.entry));
  } catch (error) {
    throw missing(set.origin.package, howToGet(set), error);
  }
}

function howToGet({ origin }: ModelSet): string {
  if (origin.kind === 'embedded') return 'Reinstall ocrhub; the file belongs to it.';
  return `Run: npm install ${origin.package}@${origin.version}`;
}

function fromFolder(role: Role, folder: string): ResolvedModel {
  const file = path.join(folder, `${role}.onnx`);
  if (!existsSync(file)) throw missing(file, `A model folder holds ${role}.onnx${role === 'rec' ? ' and dict.txt' : ''}.`);
  return withDictionary(role, file);
}

function withDictionary(role: Role, file: string): ResolvedModel {
  const dictionary = path.join(path.dirname(file), 'dict.txt');
  return role === 'rec' && existsSync(dictionary) ? { file, dictionary: { file: dictionary } } : { file };
}

function looksLikePath(spec: string): boolean {
  return /[\\/]/.test(spec) || spec.endsWith('.onnx') || spec.startsWith('.');
}

function missing(file: string, how: string, cause?: unknown): OcrHubError {
  return new OcrHubError('model_missing', { path: file, how }, { cause });
}
