import { stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { toFileError } from '../files/to-file-error.js';
import { extensions, filesIn } from './folder.js';
import { stdinArgument, stdinInput, type Input } from './input.js';
import { filesMatching, isPattern } from './pattern.js';

/**
 * Lists the files to read: each file that is named, the pictures and PDF files in each folder and in the folders inside it,
 * the files that match a pattern, and `-` for standard input. Each file is listed once, where it comes first.
 *
 * @throws OcrHubError `file_not_found`, `file_unreadable`, `folder_without_pictures`, `pattern_without_files`
 * @example
 * await listInputs(['page.jpg', 'scans', 'faxes/*.tif']);
 */
export async function listInputs(words: readonly string[]): Promise<Input[]> {
  const lists = await Promise.all(words.map(inputsOf));
  const inputs = new Map<string, Input>();
  for (const input of lists.flat()) {
    const place = placeOf(input);
    if (!inputs.has(place)) inputs.set(place, input);
  }
  return [...inputs.values()];
}

function placeOf({ file }: Input): string {
  return file === stdinArgument ? file : path.resolve(file);
}

async function inputsOf(word: string): Promise<Input[]> {
  if (word === stdinArgument) return [stdinInput];
  const info = await stat(word).catch((error: unknown) => toFileError(word, error));
  if (!OcrHubError.is(info)) return info.isDirectory() ? inputsIn(word) : [named(word)];
  // A file may be called as a pattern is written; such a file comes first.
  if (info.code !== 'file_not_found' || !isPattern(word)) throw info;
  const { folder, files } = await filesMatching(word);
  if (files.length === 0) throw new OcrHubError('pattern_without_files', { pattern: word });
  return files.map((file) => found(file, folder));
}

async function inputsIn(folder: string): Promise<Input[]> {
  const files = await filesIn(folder).catch((error: unknown) => {
    throw toFileError(folder, error);
  });
  if (files.length === 0) throw new OcrHubError('folder_without_pictures', { folder, extensions });
  return files.map((file) => found(file, folder));
}

function named(file: string): Input {
  return { file, relative: path.basename(file), isNamed: true };
}

function found(file: string, folder: string): Input {
  const relative = path.relative(folder, file);
  return { file, relative: relative.startsWith('..') ? path.basename(file) : relative, isNamed: false };
}
