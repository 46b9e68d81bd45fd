import { stat, type Stats } from 'node:fs';
import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { isDrawing } from './drawing.js';
import { isReadToAnEnd } from './folder.js';

/** Whether an argument is a pattern such as `scans/*.jpg`. */
export function isPattern(argument: string): boolean {
  return isDynamicPattern(withSlashes(argument));
}

/** The files that match a pattern, and the folder up to its first wildcard. */
export interface Matches {
  readonly folder: string;
  /** Sorted. */
  readonly files: readonly string[];
}

export async function filesMatching(argument: string): Promise<Matches> {
  const segments = withSlashes(argument).split('/');
  const first = segments.findIndex((segment) => wildcard.test(segment));
  const start = segments.slice(0, first === -1 ? 0 : first).join('/');
  const isAbsolute = argument.startsWith('/') && first === 1;
  const folder = isAbsolute ? '/' : start === '' ? '.' : start;
  const pattern = segments.slice(first === -1 ? 0 : first).join('/');
  const found = await glob(pattern, { cwd: folder, expandDirectories: false, fs: { stat: statOfFile as typeof stat } });
  const files = found.map((file) => path.join(folder, file)).filter((file) => !isDrawing(file));
  const areRead = await Promise.all(files.map(isReadToAnEnd));
  return { folder, files: files.filter((_, i) => areRead[i]).sort() };
}

/**
 * The library calls it for the targets of links. It skips those for which this fails: a link to a folder above would lead around
 * in a circle. Folders that are named are read without links to folders too.
 */
function statOfFile(target: string, done: (error: Error | null, info: Stats) => void): void {
  stat(target, (error, info) => {
    done(error ?? (info.isDirectory() ? new Error('links to folders are not followed') : null), info);
  });
}

/** A backslash separates folders on Windows only; elsewhere it takes a wildcard its meaning. */
function withSlashes(argument: string): string {
  return process.platform === 'win32' ? argument.replaceAll('\\', '/') : argument;
}

/** The characters that make a pattern, and the backslash before such a character. */
const wildcard = /[*?[\]{}()!\\]/;
