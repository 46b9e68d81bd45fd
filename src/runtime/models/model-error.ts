import { resolve } from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { countedFrom } from '../files/user-path.js';

/**
 * The error for a file of a model that could not be read: `model_missing` only if there is none.
 *
 * @param how what to do about a missing file
 */
export function toModelError(file: string, error: unknown, how: string): OcrHubError {
  if (OcrHubError.is(error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new OcrHubError('model_missing', { path: resolve(file), how: countedFrom(file) + how }, { cause: error });
  return new OcrHubError('model_mismatch', { path: file, problem: `it cannot be read: ${message}` }, { cause: error });
}
