import { OcrHubError } from '../errors/error.js';
import { linkedFrom } from './linked-from.js';
import { readRegularFile } from './read-regular.js';
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
    return parseJsonOf(file, text);
  } catch (error) {
    throw new OcrHubError('file_not_json', { file, problem: (error as Error).message }, { cause: error });
  }
}

/**
 * Parses the content of a file.
 *
 * @throws Error whose message quotes the content, unless a link is on its path: somebody else may have made it lead to what
 *   those who read messages and logs must not see
 */
export function parseJsonOf(file: string, text: string): unknown {
  try {
    // Windows editors put a byte order mark first.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const target = linkedFrom(file);
    throw target === undefined ? error : new Error(`its path leads to ${target}, and what is there is no JSON`);
  }
}
