import { closestMatch } from 'leven';

/** The candidate that a mistyped word most likely meant; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // Letters that changed places are one slip of the fingers, and two changes to Levenshtein.
  const swapped = candidates.find((candidate) => lettersOf(candidate) === lettersOf(word));
  const maxDistance = Math.min(word.length - 2, Math.max(2, Math.floor(word.length / 3)));
  return swapped ?? (maxDistance < 1 ? undefined : closestMatch(word, candidates, { maxDistance }));
}

function lettersOf(word: string): string {
  return Array.from(word).sort().join('');
}
