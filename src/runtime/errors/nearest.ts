import { closestMatch } from 'leven';

/** The candidate that is nearest to a mistyped word; undefined if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const maxDistance = Math.min(word.length - 2, Math.max(2, Math.floor(word.length / 3)));
  // A field name in a request may have megabytes: only candidates of about its length are compared letter by letter.
  const alike = candidates.filter((candidate) => Math.abs(candidate.length - word.length) <= maxDistance);
  if (alike.length === 0) return undefined;
  // A word that stops early, such as det_limit_side, means det_limit_side_len rather than det_limit_type.
  const [longer] = alike.filter((candidate) => candidate.startsWith(word)).sort((a, b) => a.length - b.length);
  if (longer !== undefined) return longer;
  // Swapped letters are one typing error, but two changes to Levenshtein.
  const letters = lettersOf(word);
  const swapped = alike.find((candidate) => lettersOf(candidate) === letters);
  return swapped ?? (maxDistance < 1 ? undefined : closestMatch(word, alike, { maxDistance }));
}

function lettersOf(word: string): string {
  return Array.from(word).sort().join('');
}
