import { createHash } from 'node:crypto';

/** A page that a run reads. */
export interface Reference {
  /** Hash of everything that the answer depends on: the file, its page, its stamp, and the identity of the run. */
  readonly id: string;
  readonly src: string;
  /** From 1; a picture has one. */
  readonly page: number;
  readonly stamp: string;
}

/** @param run hash of the run's identity */
export function toReference(run: string, src: string, page: number, stamp: string): Reference {
  const id = createHash('sha256')
    .update(JSON.stringify([run, src, page, stamp]))
    .digest('hex')
    .slice(0, 32);
  return { id, src, page, stamp };
}

/** Pages of one file, which are read with one request. */
export interface PageGroup {
  readonly src: string;
  readonly references: readonly Reference[];
}

/** Joins neighbors of one file. */
export function groupByFile(references: readonly Reference[]): PageGroup[] {
  const groups: { src: string; references: Reference[] }[] = [];
  for (const reference of references) {
    const last = groups.at(-1);
    if (last?.src === reference.src) last.references.push(reference);
    else groups.push({ src: reference.src, references: [reference] });
  }
  return groups;
}
