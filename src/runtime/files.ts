import { constants, open } from 'node:fs/promises';
import writeFile from 'write-file-atomic';

interface HowToWrite {
  readonly mode?: number;
  /** Left out: true. Without it the file may be empty after the machine has lost its power. */
  readonly fsync?: boolean;
}

/** Writes a whole file or leaves the old one: into a temporary file beside it, flushed, then renamed. */
export async function writeFileAtomic(file: string, content: string | Buffer, how: HowToWrite = {}): Promise<void> {
  await writeFile(file, content, how);
}

/**
 * The text of a regular file. A pipe in its place, at which reading would wait for whoever writes, is refused like a
 * folder, a socket or a device.
 *
 * @throws the system's error, or one that says that it is no regular file
 */
export async function readRegularFile(file: string): Promise<string> {
  // Windows has no such flag, which counts as 0, and no pipes among its files.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${file} is no regular file`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
