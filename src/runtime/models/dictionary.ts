import { OcrHubError } from '../errors/error.js';
import { readInferenceYml } from './inference-yml.js';
import type { KnownFile } from './locate.js';
import { toModelError } from './model-error.js';
import { readModelText } from './read-text.js';
import { verifyFile } from './verify.js';
import { wrongEntries } from './wrong-entries.js';

/**
 * Reads a recognizer's characters: a text file with a line each, or the `character_dict` of PaddleOCR's
 * `inference.yml`.
 *
 * @throws OcrHubError `model_missing`, `model_corrupt`; `model_mismatch` also for entries that prove to be no characters.
 */
export async function loadDictionary(known: KnownFile): Promise<readonly string[]> {
  await verifyFile(known);
  const characters = await charactersIn(known);
  const wrong = wrongEntries(characters);
  if (wrong === undefined) return characters;
  throw new OcrHubError('model_mismatch', { path: known.file, problem: `${wrong}; an entry is a character alone` });
}

async function charactersIn(known: KnownFile): Promise<readonly string[]> {
  if (/\.ya?ml$/i.test(known.file)) return fromSettings(known.file);
  const text = await readModelText(known.file).catch((error: unknown) => {
    throw toModelError(
      known.file,
      error,
      'Set rec_char_dict_path to a file with one character a line, or to an inference.yml.',
    );
  });
  return withoutMarkers(parseDictionary(text));
}

/**
 * Checks that a file is a dictionary, before it gets its name.
 *
 * @param isSettings whether it is PaddleOCR's `inference.yml`
 * @throws OcrHubError `model_mismatch`
 */
export async function requireDictionary(file: string, isSettings: boolean): Promise<void> {
  const characters = isSettings ? await fromSettings(file) : withoutMarkers(parseDictionary(await readModelText(file)));
  const wrong = characters.length === 0 ? 'it is empty' : wrongEntries(characters);
  if (wrong !== undefined) throw new OcrHubError('model_mismatch', { path: file, problem: wrong });
}

/**
 * Only a line feed ends a line: some characters are white space that other readers take for a line end. The line feed at
 * the end of the file starts no further entry.
 */
export function parseDictionary(text: string): string[] {
  const lines = text.replace(/\r$/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Some dictionaries list all classes of the network, including the blank and the space that PaddleOCR adds. */
function withoutMarkers(lines: string[]): string[] {
  if (lines[0] !== 'blank') return lines;
  return lines.slice(1, lines.at(-1) === ' ' ? -1 : undefined);
}

async function fromSettings(file: string): Promise<readonly string[]> {
  const { characters } = await readInferenceYml(file);
  if (characters !== undefined) return characters;
  throw new OcrHubError('model_mismatch', { path: file, problem: 'it has no PostProcess.character_dict' });
}
