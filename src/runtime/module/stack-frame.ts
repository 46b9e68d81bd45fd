import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package.js';

/** Whether a line of a stack trace is a frame of ocrhub or Node.js, not of a module or a package it imports. */
export const isOwnFrame = createFrameTest(packageRoot, { windows: process.platform === 'win32' });

/** Returns `isOwnFrame` for an ocrhub in the folder `root`. */
export function createFrameTest(root: string, { windows }: { readonly windows: boolean }): (line: string) => boolean {
  const paths = windows ? path.win32 : path.posix;
  // ocrhub runs from dist/; source maps name the files of src/runtime.
  const folders = ['dist', paths.join('src', 'runtime')].map((folder) => paths.join(root, folder) + paths.sep);
  // V8 names an ES module by its URL; source maps name it by its path.
  const prefixes = folders.flatMap((folder) => [folder, pathToFileURL(folder, { windows }).href]);
  // Windows ignores the case of paths.
  const fold = (text: string): string => (windows ? text.toLowerCase() : text);
  const own = prefixes.map(fold);
  return (line) => {
    const file = fold(fileOf(line));
    return file.startsWith('node:') || own.some((prefix) => file.startsWith(prefix));
  };
}

/** Returns the path or URL of a frame: `at call (FILE:7:3)` or `at async FILE:7:3`. Empty if the line is no frame. */
function fileOf(line: string): string {
  const [, place = ''] = /^\s*at (.*)$/.exec(line) ?? [];
  const open = place.endsWith(')') ? place.indexOf(' (') : -1;
  return open === -1 ? place.replace(/^async /, '') : place.slice(open + 2);
}
