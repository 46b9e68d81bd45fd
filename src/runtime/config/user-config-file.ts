import os from 'node:os';
import path from 'node:path';
import { parseJsonOf } from '../files/json-file.js';
import { readRegularFileSync } from '../files/read-regular.js';
import { OcrHubError } from '../errors/error.js';
import { unwritablePlace } from '../files/unwritable.js';
import { givenHome } from './environment.js';

/** The file with the user's defaults. Its place does not depend on its content. */
export function userConfigFile(): string {
  return path.join(givenHome() ?? path.join(os.homedir(), '.ocrhub'), 'config.json');
}

/**
 * Reads the user's defaults; the values are not checked. A missing file has none. `conf` writes this file, but every
 * command reads it, and loading `conf` takes far longer than parsing one small file.
 *
 * @throws OcrHubError `defaults_damaged` for the content, `home_unusable` if the folder cannot be read
 */
export function readUserConfigFile(file: string): Readonly<Record<string, unknown>> {
  const damaged = (problem: string, cause?: unknown): OcrHubError =>
    new OcrHubError('defaults_damaged', { file, problem, mend: 'ocrhub config unset --all' }, { cause });
  let parsed: unknown;
  try {
    parsed = parseJsonOf(file, readRegularFileSync(file));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    if (unwritablePlace(error, file) !== undefined) throw homeUnusable(path.dirname(file), file, error);
    throw damaged((error as Error).message, error);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw damaged('expected a JSON object');
}

/** @param userConfig the file with the user's defaults */
export function homeUnusable(folder: string, userConfig: string, error: unknown): OcrHubError<'home_unusable'> {
  const problem = (error as Error).message;
  const holdsDefaults = folder === path.dirname(userConfig);
  return new OcrHubError('home_unusable', { folder, problem, holdsDefaults }, { cause: error });
}
