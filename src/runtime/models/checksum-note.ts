import { randomBytes } from 'node:crypto';

import { link, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFileSync } from '../files/read-regular.js';
import { writeFileAtomic } from '../files/write-atomic.js';

/** Reads the SHA-256 noted beside a file when it was stored, in the format of `sha256sum -c`. */
export function readChecksumNote(file: string): string | undefined {
  try {
    return /^([0-9a-f]{64}) /.exec(readRegularFileSync(noteFileOf(file)))?.[1];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Notes a hash that the manifest knows. */
export async function writeChecksumNote(file: string, sha256: string): Promise<void> {
  await writeFileAtomic(noteFileOf(file), noteLine(file, sha256));
}

/**
 * Notes the hash of a file whose hash was unknown, unless a note exists already.
 *
 * @returns the noted hash: of two concurrent calls, both get the first one's
 */
export async function noteFirstChecksum(file: string, sha256: string): Promise<string> {
  const draft = `${noteFileOf(file)}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, noteLine(file, sha256));
  try {
    // Unlike a rename, a link does not replace an existing file.
    await link(draft, noteFileOf(file));
    return sha256;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readChecksumNote(file) ?? sha256;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Names of the temporary files that an interrupted write of a note leaves behind. */
export const checksumLeftoverPattern = /\.sha256\.[0-9a-f]+$/;

function noteFileOf(file: string): string {
  return `${file}.sha256`;
}

function noteLine(file: string, sha256: string): string {
  return `${sha256}  ${path.basename(file)}\n`;
}
