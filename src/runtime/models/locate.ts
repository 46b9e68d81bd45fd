import { createRequire } from 'node:module';
import path from 'node:path';
import { packageRoot } from '../package.js';
import type { Home } from '../config/home.js';
import { embeddedFolder, sourcesOf, type ModelSet, type SetFile, type SourceOf } from './manifest.js';
import { readChecksumNote } from './checksum-note.js';
import { isPresent } from '../files/missing.js';

/** A file on this machine, with the SHA-256 that it must have, if known. */
export interface KnownFile {
  readonly file: string;
  readonly sha256?: string;
}

export type Place = 'embedded' | 'npm' | 'downloaded';

/** Finds a file of a known set on this machine: shipped with ocrhub, in its npm package, or downloaded. */
export function locateFile(home: Home, name: string, set: ModelSet, setFile: SetFile): LocatedFile | undefined {
  for (const source of sourcesOf(set, setFile)) {
    const folder = source.kind === 'embedded' ? embeddedFolder : source.kind === 'npm' ? npmFolder(source) : undefined;
    const file = folder === undefined || !('path' in source) ? undefined : path.join(folder, source.path);
    if (file !== undefined && isPresent(file))
      return { place: source.kind === 'npm' ? 'npm' : 'embedded', file, ...shaOf(source.sha256) };
  }
  const file = fileNames(setFile)
    .map((fileName) => path.join(setFolder(home, name), fileName))
    .find(isPresent);
  return file === undefined ? undefined : { place: 'downloaded', file, ...shaOf(readChecksumNote(file)) };
}

export interface LocatedFile extends KnownFile {
  readonly place: Place;
}

/** The folder of a downloaded set, or of a set of the user's own models. */
export function setFolder(home: Home, name: string): string {
  return path.join(home.models, name);
}

/** The names that a file of a set may have in a folder of models; the first that exists counts. */
export function fileNames(setFile: SetFile): readonly string[] {
  return setFile === 'dict' ? ['dict.txt', 'inference.yml'] : [`${setFile}.onnx`];
}

/** The command that installs a set; undefined for a set that is part of ocrhub. */
export function commandToGet(name: string, set: ModelSet): string | undefined {
  const sources = Object.values(set.files).flatMap((entry) => entry?.sources ?? []);
  const npm = sources.find((source) => source.kind === 'npm');
  if (npm !== undefined) return `npm install ${npm.package}@${npm.version}`;
  return sources.some((source) => source.kind === 'embedded') ? undefined : `ocrhub download ${name}`;
}

/** Tells the user how to get a set that is missing. */
export function howToGet(name: string, set: ModelSet): string {
  const command = commandToGet(name, set);
  return command === undefined ? 'Reinstall ocrhub; the file belongs to it.' : `Run: ${command}`;
}

function shaOf(sha256: string | undefined): { sha256?: string } {
  return sha256 === undefined ? {} : { sha256 };
}

function npmFolder(source: SourceOf<'npm'>): string | undefined {
  try {
    return path.dirname(createRequire(path.join(packageRoot, 'package.json')).resolve(source.entry));
  } catch {
    return undefined; // the package is not installed
  }
}
