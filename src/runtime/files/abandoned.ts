import { lstat } from 'node:fs/promises';

/**
 * Whether a file, folder or link was written so long ago that nothing which is under way can need it: an install that
 * prepares a copy, a server that read the pointer to one just before, a start that has only its log. False for what is
 * gone.
 */
export async function isAbandoned(place: string): Promise<boolean> {
  const info = await lstat(place).catch(() => undefined);
  return info !== undefined && info.mtimeMs < Date.now() - patience;
}

/** Milliseconds. */
const patience = 10 * 60_000;
