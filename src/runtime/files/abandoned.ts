import { lstat } from 'node:fs/promises';
import { ifMissing } from './missing.js';

/** Longer than an install, the start of a server or a download needs for one step. */
const maxAgeMs = 10 * 60_000;

/**
 * Whether a file, folder or link was last modified so long ago that no running install, start or write still needs it.
 * False if it does not exist.
 */
export async function isAbandoned(place: string): Promise<boolean> {
  const info = await lstat(place).catch(ifMissing(undefined));
  return info !== undefined && info.mtimeMs < Date.now() - maxAgeMs;
}
