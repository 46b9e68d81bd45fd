import { OcrHubError } from '../errors/error.js';

/**
 * The error for a file of a model that could not be read: `model_missing` only if there is none.
 *
 * @param how what to do about a missing file
 */
export function toModelError(path: string, error: unknown, how: string): OcrHubError {
  if (OcrHubError.is(error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new OcrHubError('model_missing', { path, how }, { cause: error });
  return new OcrHubError('model_mismatch', { path, problem: `it cannot be read: ${message}` }, { cause: error });
}
