import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../package.js';

/**
 * The working directory for a server's processes: `startedIn`, the one of the command that started the server. No process
 * can start in a directory that was removed or may not be entered; then this falls back to the file system root.
 */
export function usableWorkingDirectory(startedIn: string): string {
  try {
    accessSync(startedIn, constants.X_OK);
    if (statSync(startedIn).isDirectory()) return startedIn;
  } catch {
    // Removed, or not accessible.
  }
  return path.parse(packageRoot).root;
}
