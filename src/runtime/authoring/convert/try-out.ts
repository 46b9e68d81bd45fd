import { OcrHubError } from '../../errors/error.js';
import { loadDictionary } from '../../models/dictionary.js';
import type { ReadModel } from './read-models.js';

/** The words on the picture that a new package reads first. */
export const drawnText = 'ocrhub 123';

/**
 * Compares what a recognizer reads of the picture with what is drawn on it. A dictionary that lacks a line, or has one too many, gives
 * every character its neighbor's name, and confidences near 1. Characters that the dictionary does not have are not expected; of a
 * recognizer without them nothing is said.
 *
 * @throws OcrHubError `model_mismatch`
 */
export async function requireRead(models: readonly ReadModel[], read: string): Promise<void> {
  const recognizer = models.find(({ role }) => role === 'rec');
  if (recognizer?.dictionary === undefined) return;
  const known = new Set(await loadDictionary({ file: recognizer.dictionary }));
  const isSpaceless = recognizer.params['use_space_char'] === false;
  const expected = Array.from(drawnText).filter((character) =>
    character === ' ' ? !isSpaceless : known.has(character),
  );
  // Without the characters it is unknown what a recognizer should read, except that their names in longer entries are no text.
  if (expected.length < drawnText.length / 2 && !isLengthened(read)) return;
  // Whether a recognizer has a class for the space was told by a number alone, so that it must read every character.
  const least = isSpaceless ? expected.length : expected.length / 2;
  const matching = commonLength(expected, Array.from(read));
  const isRight =
    matching >= least && !isLengthened(read) && (!isSpaceless || Array.from(read).length === expected.length);
  if (isRight) return;
  const problem = `a picture with the words "${drawnText}" was read as ${JSON.stringify(read)}; its dictionary, ${recognizer.dictionary}, is not the one that it was trained with`;
  throw new OcrHubError('model_mismatch', { path: recognizer.file, problem });
}

/** Whether a text has the drawn characters in their order and much between them, as entries with something around each give it. */
function isLengthened(read: string): boolean {
  const drawn = Array.from(drawnText.replace(' ', ''));
  const letters = Array.from(read);
  return commonLength(drawn, letters) > drawn.length / 2 && letters.length >= drawnText.length * lengthened;
}

/** One character more in an entry doubles a text. */
const lengthened = 1.5;

/** The length of the longest sequence of characters that two texts have in common, in their order. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const character of a) {
    const next = [0];
    for (const [j, other] of b.entries()) {
      next.push(character === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
