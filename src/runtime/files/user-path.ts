import os from 'node:os';
import path from 'node:path';

/**
 * The absolute path of a place that a user wrote, counted from the working directory. `~` at its beginning is the user's home
 * directory: unit files, .env and compose files, config files and `--set NAME=~/x` are read without a shell that replaces it.
 */
export function userPath(text: string): string {
  return path.resolve(/^~(?=$|[\\/])/.test(text) ? text.replace('~', os.homedir()) : text);
}

/** Says from which folder a relative path was counted, for the hint of an error; empty for a whole path. */
export function countedFrom(text: string): string {
  if (path.isAbsolute(text) || text.startsWith('~')) return '';
  return `"${text}" counts from the folder in which the command was started, ${path.resolve('.')}. If the file lies elsewhere, write its whole path. `;
}
