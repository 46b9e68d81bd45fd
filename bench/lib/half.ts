import { createHash } from 'node:crypto';

export type Half = (typeof halves)[number];

/** Parameters are chosen on the pictures of the first half, and judged by those of the second. */
export const halves = ['choosing', 'judging'] as const;

/** The half of a picture: it depends on its name alone, so it never changes. */
export function halfOf(name: string): Half {
  return parseInt(sumOf(name).slice(0, 2), 16) % 2 === 0 ? 'choosing' : 'judging';
}

/** The pictures of a half whose names have the lowest sums, at most `most`. */
export function lowestOf<Picture extends { readonly name: string }>(
  pictures: readonly Picture[],
  half: Half,
  most: number,
): Picture[] {
  const own = pictures.filter(({ name }) => halfOf(name) === half);
  return own.toSorted((a, b) => (sumOf(a.name) < sumOf(b.name) ? -1 : 1)).slice(0, most);
}

function sumOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
