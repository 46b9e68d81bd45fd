import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../package.js';

/**
 * Where the processes of a server run that was started in a folder. None can start in a folder that is gone, or that they
 * may not enter, and most modules need nothing there: they run where nothing of theirs lies, nor of ocrhub.
 */
export function workingFolder(startedIn: string): string {
  try {
    accessSync(startedIn, constants.X_OK);
    if (statSync(startedIn).isDirectory()) return startedIn;
  } catch {
    // It is gone, or closed.
  }
  return path.parse(packageRoot).root;
}
