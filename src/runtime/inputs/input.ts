import { open } from 'node:fs/promises';
import path from 'node:path';
import { openRegularFile, readWhole } from '../files/read-regular.js';
import { toFileError } from '../files/to-file-error.js';
import { readStdin } from './stdin.js';

/** A file that a command reads. */
export interface Input {
  /** As messages show it: its path, or `-` for standard input. */
  readonly file: string;
  /** Its path from the folder or the pattern that it was found with; of a file that the user named, its name. */
  readonly relative: string;
  /** Whether the user named this file, and not a folder or a pattern. */
  readonly isNamed: boolean;
}

export const stdinArgument = '-';

export const stdinInput: Input = { file: stdinArgument, relative: 'stdin', isNamed: true };

/** The name without its folder, as formats write it. */
export function nameOf({ relative }: Input): string {
  return path.basename(relative);
}

/**
 * @param maxBytes a larger file is refused before memory is allocated
 * @throws OcrHubError `file_not_found`, `file_unreadable`, `stdin_unusable`
 */
export async function readInput({ file, isNamed }: Input, maxBytes = maxFileBytes): Promise<Buffer> {
  if (file === stdinArgument) return readStdin(process.stdin, Math.min(maxBytes, maxStreamBytes));
  try {
    // A user may name a pipe, such as <(command); one in a folder would wait forever.
    const handle = isNamed ? await open(file) : await openRegularFile(file);
    try {
      const info = await handle.stat();
      // A device such as /dev/zero has no end. A pipe has one when its writer ends.
      if (info.isCharacterDevice() || info.isBlockDevice()) throw new Error('it is a device, not a file');
      requireSize(info.size, maxBytes);
      return await readWhole(handle, Math.min(maxBytes, maxStreamBytes));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toFileError(file, error);
  }
}

/** The bytes of a file are held at once, and so are those of its pages. */
const maxFileBytes = 1024 ** 3;

/** What comes through a pipe, or from a file of /proc, is held twice for a moment, and may never end. */
const maxStreamBytes = 256 * 1024 ** 2;

function requireSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new Error(`its ${bytes} bytes are more than the limit of ${maxBytes}`);
}
