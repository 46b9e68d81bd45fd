import { readRegularFile } from './read-regular.js';

import { OcrHubError } from '../errors/error.js';
import { toFileError } from './to-file-error.js';

/**
 * Parses a JSON file that a user wrote.
 *
 * @throws OcrHubError `file_not_found`, `file_unreadable`, `file_not_json`
 */
export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readRegularFile(file).catch((error: unknown) => {
    throw toFileError(file, error);
  });
  try {
    // Windows editors put a byte order mark first.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new OcrHubError('file_not_json', { file, problem: (error as Error).message }, { cause: error });
  }
}
