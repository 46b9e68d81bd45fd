import { OcrHubError } from '../errors/error.js';

/** The error for a file that could not be read: `file_not_found` if it does not exist, otherwise `file_unreadable`. */
export function toFileError(file: string, error: unknown): OcrHubError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new OcrHubError('file_not_found', { file }, { cause: error });
  return new OcrHubError('file_unreadable', { file, problem: message }, { cause: error });
}
