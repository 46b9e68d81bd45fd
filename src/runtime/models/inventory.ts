import { statSync } from 'node:fs';
import path from 'node:path';
import type { Home } from '../config/home.js';
import { commandToGet, fileNames, locateFile, setFolder, type Place } from './locate.js';
import { filesOf, modelSets, sourcesOf, type ModelSet, type SetFile } from './manifest.js';
import { ownSets } from './resolve.js';
import { isPresent } from '../files/missing.js';

/** A model set, installed or available. */
export interface SetInfo {
  readonly name: string;
  readonly summary: string;
  readonly holds: readonly SetFile[];
  /** `own`: a set of the user's in the home folder; `partly`: some of its files are missing. */
  readonly where: Place | 'own' | 'partly' | 'absent';
  /** The folder of a set that is installed, at least partly. */
  readonly path?: string;
  /** Bytes of the installed files; of an absent set, bytes of its networks if their sizes are known. */
  readonly bytes?: number;
  /** SPDX identifier; empty for the users' own models. */
  readonly license: string;
  /** The same under its name in version 0.1, until 0.3 (docs/decisions/0016). */
  readonly licence: string;
  /** The command that installs it; empty when it is installed. */
  readonly get: string;
}

/** Lists the known sets in the order of the manifest, then the user's own. */
export function listSets(home: Home): SetInfo[] {
  return [
    ...[...modelSets()].map(([name, set]) => describeKnown(home, name, set)),
    ...ownSets(home).map((name) => describeOwn(home, name)),
  ];
}

function describeKnown(home: Home, name: string, set: ModelSet): SetInfo {
  const holds = filesOf(set);
  const here = holds.flatMap((setFile) => locateFile(home, name, set, setFile) ?? []);
  const { summary, license } = set;
  const [first] = here;
  if (first === undefined) {
    const bytes = sum(
      holds
        .filter((setFile) => setFile !== 'dict')
        .map((setFile) => sourcesOf(set, setFile).find(({ kind }) => kind !== 'elsewhere')?.size),
    );
    return {
      name,
      summary,
      holds,
      where: 'absent',
      ...(bytes === undefined ? {} : { bytes }),
      license,
      licence: license,
      get: commandToGet(name, set) ?? '',
    };
  }
  const whole = here.length === holds.length;
  return {
    name,
    summary,
    holds,
    where: whole ? first.place : 'partly',
    path: path.dirname(first.file),
    bytes: here.reduce((bytes, { file }) => bytes + statSync(file).size, 0),
    license,
    licence: license,
    get: whole ? '' : (commandToGet(name, set) ?? ''),
  };
}

function describeOwn(home: Home, name: string): SetInfo {
  const folder = setFolder(home, name);
  const files = (['det', 'rec', 'cls', 'dict'] as const).flatMap((setFile) =>
    fileNames(setFile)
      .map((fileName) => ({ setFile, file: path.join(folder, fileName) }))
      .filter(({ file }) => isPresent(file))
      .slice(0, 1),
  );
  return {
    name,
    summary: 'Models of your own',
    holds: files.map(({ setFile }) => setFile),
    where: 'own',
    path: folder,
    bytes: files.reduce((bytes, { file }) => bytes + statSync(file).size, 0),
    license: '',
    licence: '',
    get: '',
  };
}

/** Adds the values; undefined when one of them is unknown. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0);
}
