import { OcrHubError } from '../errors/error.js';
import { isWithin } from './within.js';

/**
 * What an error of the system means where it says that a package's folder cannot be written; any other error as it is.
 *
 * @param staging where it is written first
 */
export function toUnwritable(folder: string, error: unknown, staging = folder): unknown {
  const place = unwritablePlace(error, staging);
  if (place === undefined || !(isWithin(staging, place) || isWithin(place, staging))) return error;
  return new OcrHubError('folder_unwritable', { folder, problem: (error as Error).message }, { cause: error });
}

/**
 * The path the system could not write, or `known` when it names none (a disk that filled up while a file was open);
 * undefined for any other error.
 */
export function unwritablePlace(error: unknown, known: string): string | undefined {
  const { code = '', path: place, dest } = error as Partial<NodeJS.ErrnoException & { dest: string }>;
  // A copy's error names its source as "path" and its target, which is full, as "dest".
  if (full.has(code)) return dest ?? place ?? known;
  return unwritable.has(code) ? place : undefined;
}

const full = new Set(['ENOSPC', 'EDQUOT']);
const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR']);
