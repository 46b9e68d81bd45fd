import { constants, open } from 'node:fs/promises';

/**
 * Reads a regular file as UTF-8. Refuses pipes, on which a read would wait for a writer, and folders, sockets and devices.
 *
 * @throws the system's error, or an error that says that it is not a regular file
 */
export async function readRegularFile(file: string): Promise<string> {
  // O_NONBLOCK: opening a pipe must not wait. Windows lacks the flag, which counts as 0, and has no pipes among files.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${file} is not a regular file`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
