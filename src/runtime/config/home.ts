import path from 'node:path';
import { defaultsFile, homeUnusable, readDefaultsFile } from './user-config-file.js';
import { OcrHubError } from '../errors/error.js';
import { unwritablePlace } from '../files/unwritable.js';
import { isWithin } from '../files/within.js';
import { givenHome } from './environment.js';

/** Everything ocrhub writes lies below this folder. */
export interface Home {
  readonly root: string;
  /** The file with the user's defaults; it stays where it is when they move the rest. */
  readonly defaults: string;
  readonly modules: string;
  readonly models: string;
  /** What can be found out again. */
  readonly cache: string;
  readonly serving: string;
  readonly logs: string;
}

/**
 * `$OCRHUB_HOME`; otherwise what the user's defaults say; otherwise `.ocrhub` in the user's home folder.
 *
 * @throws OcrHubError `defaults_damaged`, `home_unusable`
 */
export function resolveHome(): Home {
  const defaults = defaultsFile();
  const root = givenHome() === undefined ? movedHome(defaults) : undefined;
  return homeAt(root ?? path.dirname(defaults), defaults);
}

export function homeAt(root: string, defaults: string): Home {
  return Object.freeze({
    root,
    defaults,
    modules: path.join(root, 'modules'),
    models: path.join(root, 'models'),
    cache: path.join(root, 'cache'),
    serving: path.join(root, 'serving'),
    logs: path.join(root, 'logs'),
  });
}

/** What an error of the system means where it concerns the home folder; undefined for every other error. */
export function homeError({ root, defaults }: Home, error: unknown): OcrHubError<'home_unusable'> | undefined {
  const { code = '', path: file, syscall } = error as Partial<NodeJS.ErrnoException>;
  // ENOENT where a folder cannot even be made.
  const making = syscall === 'mkdir' && (code === 'EEXIST' || code === 'ENOENT');
  const place = making ? file : unwritablePlace(error, root);
  if (place === undefined) return undefined;
  const folder = [root, path.dirname(defaults)].find((known) => isWithin(known, place) || isWithin(place, known));
  if (folder === undefined) return undefined;
  return homeUnusable(folder, defaults, error);
}

function movedHome(defaults: string): string | undefined {
  const { home } = readDefaultsFile(defaults);
  if (home === undefined || (typeof home === 'string' && path.isAbsolute(home))) return home;
  const problem = `home is ${JSON.stringify(home)}: expected an absolute path`;
  throw new OcrHubError('defaults_damaged', { file: defaults, problem, mend: 'ocrhub config unset home' });
}
