import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../files/write-atomic.js';

/** The SHA-256 that was noted beside a file when it came, in the form that `sha256sum -c` reads. */
export function readPin(file: string): string | undefined {
  try {
    return /^([0-9a-f]{64}) /.exec(readFileSync(pinOf(file), 'utf8'))?.[1];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Notes a hash that the manifest knows. */
export async function writePin(file: string, sha256: string): Promise<void> {
  await writeFileAtomic(pinOf(file), lineOf(file, sha256));
}

/**
 * Notes the hash of a file that nobody knew beforehand, unless one is noted already.
 *
 * @returns the hash that counts: of two that come at once, both get the first's
 */
export async function pinFirst(file: string, sha256: string): Promise<string> {
  const draft = `${pinOf(file)}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, lineOf(file, sha256));
  try {
    // Unlike a rename, a link does not replace what is there.
    await link(draft, pinOf(file));
    return sha256;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readPin(file) ?? sha256;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Names of what a write of a hash that was broken off left beside its file: of both ways of writing one. */
export const checksumLeftoverPattern = /\.sha256\.[0-9a-f]+$/;

function pinOf(file: string): string {
  return `${file}.sha256`;
}

function lineOf(file: string, sha256: string): string {
  return `${sha256}  ${path.basename(file)}\n`;
}
