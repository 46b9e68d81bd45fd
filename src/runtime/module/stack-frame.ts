import path from 'node:path';
import { packageRoot } from '../package.js';

/** Whether a line of a stack trace is a frame of ocrhub or Node.js, not of a module or a package it imports. */
export function isOwnFrame(line: string): boolean {
  if (!/^\s*at /.test(line)) return false;
  return line.includes('node:') || ownFolders.some((folder) => line.includes(folder));
}

/** ocrhub runs from dist/; source maps name the files of src/runtime. */
const ownFolders = ['dist', path.join('src', 'runtime')].map((folder) => path.join(packageRoot, folder) + path.sep);
