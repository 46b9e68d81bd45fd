import path from 'node:path';
import type { Input } from '../../src/runtime/inputs/input.js';

/** A file as if the user had named it. */
export function namedInput(file: string): Input {
  return { file, relative: path.basename(file), isNamed: true };
}

/** A file as if it had been found in a folder. */
export function foundInput(folder: string, relative: string): Input {
  return { file: path.join(folder, relative), relative, isNamed: false };
}
