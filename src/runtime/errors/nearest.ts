import { closestMatch } from 'leven';

/** The candidate that a mistyped word most likely meant; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const maxDistance = Math.min(word.length - 2, Math.max(2, Math.floor(word.length / 3)));
  // A request may name a field of megabytes: only what is about as long is compared letter by letter.
  const alike = candidates.filter((candidate) => Math.abs(candidate.length - word.length) <= maxDistance);
  if (alike.length === 0) return undefined;
  // Letters that changed places are one slip of the fingers, and two changes to Levenshtein.
  const letters = lettersOf(word);
  const swapped = alike.find((candidate) => lettersOf(candidate) === letters);
  return swapped ?? (maxDistance < 1 ? undefined : closestMatch(word, alike, { maxDistance }));
}

function lettersOf(word: string): string {
  return Array.from(word).sort().join('');
}
