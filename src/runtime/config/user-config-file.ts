import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { unwritablePlace } from '../files/unwritable.js';
import { givenHome } from './environment.js';

/** Where the user's defaults lie, whatever they say. */
export function defaultsFile(): string {
  return path.join(givenHome() ?? path.join(os.homedir(), '.ocrhub'), 'config.json');
}

/**
 * The user's defaults as they stand in the file. `conf` keeps them; every command asks for the home folder, and reading
 * one small file costs it far less than loading that package.
 *
 * @throws OcrHubError `defaults_damaged`; `home_unusable` where the folder is the matter, and not what the file holds
 */
export function readDefaultsFile(file: string): Readonly<Record<string, unknown>> {
  const refuse = (problem: string, cause?: unknown): OcrHubError =>
    new OcrHubError('defaults_damaged', { file, problem, mend: 'ocrhub config unset --all' }, { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    if (unwritablePlace(error, file) !== undefined) throw homeUnusable(path.dirname(file), file, error);
    throw refuse((error as Error).message, error);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw refuse('it holds no object');
}

/** @param defaults the file with the user's defaults */
export function homeUnusable(folder: string, defaults: string, error: unknown): OcrHubError<'home_unusable'> {
  const problem = (error as Error).message;
  const holdsDefaults = folder === path.dirname(defaults);
  return new OcrHubError('home_unusable', { folder, problem, holdsDefaults }, { cause: error });
}
