import { OcrHubError } from '../errors.js';
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
 * The place where nothing can be written, if that is what an error of the system says. A full disk has none to tell
 * once a file is open; then it is `known`.
 */
export function unwritablePlace(error: unknown, known: string): string | undefined {
  const { code = '', path: place, dest } = error as Partial<NodeJS.ErrnoException & { dest: string }>;
  // What is copied to a full disk is named before the place that it is copied to.
  if (full.has(code)) return dest ?? place ?? known;
  return unwritable.has(code) ? place : undefined;
}

const full = new Set(['ENOSPC', 'EDQUOT']);
const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR']);
