import { closestMatch } from 'leven';

/** The candidate that is nearest to a mistyped word; undefined if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const maxDistance = Math.min(word.length - 2, Math.max(2, Math.floor(word.length / 3)));
  const spelled = candidates.find((name) => name.length === word.length && name.toLowerCase() === word.toLowerCase());
  if (spelled !== undefined) return spelled;
  // A field name in a request may have megabytes: only candidates of about its length are compared letter by letter.
  const alike = candidates.filter((candidate) => Math.abs(candidate.length - word.length) <= maxDistance);
  if (alike.length === 0) return onlyOneFrom(word, candidates);
  // A word that stops early, such as det_limit_side, means det_limit_side_len rather than det_limit_type.
  const [longer] = alike.filter((candidate) => candidate.startsWith(word)).sort((a, b) => a.length - b.length);
  if (longer !== undefined) return longer;
  // Swapped letters are one typing error, but two changes to Levenshtein.
  const letters = lettersOf(word);
  const swapped = alike.find((candidate) => lettersOf(candidate) === letters);
  if (swapped !== undefined) return swapped;
  return onlyOneFrom(word, candidates) ?? (maxDistance < 1 ? undefined : closestMatch(word, alike, { maxDistance }));
}

/** The candidate that begins with a word of three letters or more, if it is the only one: ocr_sys means ocr_system. */
function onlyOneFrom(word: string, candidates: readonly string[]): string | undefined {
  const start = word.toLowerCase();
  const [first, ...others] = new Set(candidates.filter((name) => name.startsWith(start)));
  return word.length >= 3 && others.length === 0 ? first : undefined;
}

function lettersOf(word: string): string {
  return Array.from(word).sort().join('');
}
