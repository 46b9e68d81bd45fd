import { readFile } from 'node:fs/promises';
import { OcrHubError } from '../errors.js';
import type { KnownFile } from './resolve.js';
import { verifyFile } from './verify.js';

/**
 * Reads a recogniser's characters, a line each. Lines end with a line feed only: some characters are white space that
 * other readers take for a line's end. The line feed at the end of the file starts no further entry.
 *
 * @throws OcrHubError `model_missing`, `model_corrupt`.
 */
export async function loadDictionary(known: KnownFile): Promise<string[]> {
  await verifyFile(known);
  const text = await readFile(known.file, 'utf8').catch((error: unknown) => {
    const how = 'Set rec_char_dict_path to a file with one character a line.';
    throw new OcrHubError('model_missing', { path: known.file, how }, { cause: error });
  });
  return parseDictionary(text);
}

export function parseDictionary(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
