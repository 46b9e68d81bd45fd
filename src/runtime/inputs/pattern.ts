import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { isDrawing } from './drawing.js';

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
  const found = await glob(pattern, { cwd: folder, expandDirectories: false });
  const files = found.map((file) => path.join(folder, file)).filter((file) => !isDrawing(file));
  return { folder, files: files.sort() };
}

/** A backslash separates folders on Windows only; elsewhere it takes a wildcard its meaning. */
function withSlashes(argument: string): string {
  return process.platform === 'win32' ? argument.replaceAll('\\', '/') : argument;
}

/** The characters that make a pattern, and the backslash before such a character. */
const wildcard = /[*?[\]{}()!\\]/;
