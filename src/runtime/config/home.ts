import { lstatSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { userConfigFile, homeUnusable, readUserConfigFile } from './user-config-file.js';
import { OcrHubError } from '../errors/error.js';
import { unwritablePlace } from '../files/unwritable.js';
import { isWithin } from '../files/within.js';
import { givenHome } from './environment.js';

/** The folder that holds everything ocrhub writes, and the folders in it. Absolute paths. */
export interface Home {
  readonly root: string;
  /** The file with the user's defaults. It does not move when the user sets another home folder. */
  readonly userConfig: string;
  readonly modules: string;
  readonly models: string;
  /** Results that can be computed again. */
  readonly cache: string;
  readonly serving: string;
  readonly logs: string;
  /** Jobs, their results and uploaded files of all servers. */
  readonly jobs: string;
}

/**
 * Finds the home folder: `$OCRHUB_HOME`, or `home` of the user's defaults, or `.ocrhub` in the user's home directory.
 * Only commands call this; everything below them gets the `Home` as a parameter.
 *
 * @throws OcrHubError `defaults_damaged`, `home_unusable`
 */
export function resolveHome(): Home {
  const userConfig = userConfigFile();
  const root = givenHome() === undefined ? readMovedHome(userConfig) : undefined;
  const home = homeAt(root ?? path.dirname(userConfig), userConfig);
  requireFolder(home);
  return home;
}

/** A home folder that is missing is made when something is written into it. */
function requireFolder({ root, userConfig }: Home): void {
  try {
    if (path.dirname(root) === root) throw new Error('it is the root of the file system');
    if (statSync(`${root}${path.sep}.`, { throwIfNoEntry: false }) !== undefined) return;
    const link = lstatSync(root, { throwIfNoEntry: false });
    if (link?.isSymbolicLink() === true) throw new Error(`it is a link to ${readlinkSync(root)}, which does not exist`);
  } catch (error) {
    throw homeUnusable(root, userConfig, error);
  }
}

export function homeAt(root: string, userConfig: string): Home {
  return Object.freeze({
    root,
    userConfig,
    modules: path.join(root, 'modules'),
    models: path.join(root, 'models'),
    cache: path.join(root, 'cache'),
    serving: path.join(root, 'serving'),
    logs: path.join(root, 'logs'),
    jobs: path.join(root, 'jobs'),
  });
}

/** Maps a system error about the home folder to `home_unusable`; returns undefined for every other error. */
export function homeError({ root, userConfig }: Home, error: unknown): OcrHubError<'home_unusable'> | undefined {
  const { code = '', path: file, syscall } = error as Partial<NodeJS.ErrnoException>;
  // mkdir fails with ENOENT if the parent can hold no folder (/proc).
  const isMkdirFailure = syscall === 'mkdir' && (code === 'EEXIST' || code === 'ENOENT');
  const place = isMkdirFailure ? file : unwritablePlace(error, root);
  if (place === undefined) return undefined;
  const folder = [root, path.dirname(userConfig)].find((known) => isWithin(known, place) || isWithin(place, known));
  return folder === undefined ? undefined : homeUnusable(folder, userConfig, error);
}

function readMovedHome(userConfig: string): string | undefined {
  const { home } = readUserConfigFile(userConfig);
  if (home === undefined || (typeof home === 'string' && path.isAbsolute(home))) return home;
  const problem = `home is ${JSON.stringify(home)}: expected an absolute path`;
  throw new OcrHubError('defaults_damaged', { file: userConfig, problem, mend: 'ocrhub config unset home' });
}
