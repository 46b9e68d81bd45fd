import { realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Where a path leads whose name, or a folder on the way, is a link; undefined for one without links. Whoever may write in one of these
 * folders chooses what is read there, and messages about it may be for others.
 */
export function linkedFrom(file: string): string | undefined {
  try {
    const real = realpathSync(file);
    return real === path.resolve(file) ? undefined : real;
  } catch {
    return undefined;
  }
}
