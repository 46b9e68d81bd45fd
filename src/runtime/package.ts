import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The installed package: the folder that holds package.json, models/ and src/modules/. */
export const packageRoot = path.dirname(createRequire(import.meta.url).resolve('ocrhub/package.json'));

export const packageVersion = (
  JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

/**
 * The built file that a process or thread starts with.
 *
 * @param name its path below src/runtime, for example `worker/main.js`
 */
export function entryFile(name: string): string {
  return path.join(packageRoot, 'dist', 'runtime', ...name.split('/'));
}
