import { statSync } from 'node:fs';

/** Reasons of the system for which a thing may be there all the same. */
const hidden = new Set(['EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ESTALE']);

/**
 * For `catch`: gives `value` for a thing that is not there or is of another kind, and throws if the system does not let this process
 * look. Somebody else's file is not a missing one.
 *
 * @example const names = await readdir(folder).catch(ifMissing([]));
 */
export function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (hidden.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return value;
  };
}

/**
 * Whether something has this name.
 *
 * @throws the system's error if this process may not look
 */
export function isPresent(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return ifMissing(false)(error);
  }
}
