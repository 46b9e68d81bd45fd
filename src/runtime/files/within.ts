import path from 'node:path';

/** Whether a file or folder lies in a folder, or is that folder. */
export function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(folder, path.resolve(file));
  return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}
