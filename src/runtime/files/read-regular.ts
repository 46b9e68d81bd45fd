import { constants, open } from 'node:fs/promises';

/**
 * The text of a regular file. A pipe in its place, at which reading would wait for whoever writes, is refused like a
 * folder, a socket or a device.
 *
 * @throws the system's error, or one that says that it is not a regular file
 */
export async function readRegularFile(file: string): Promise<string> {
  // Windows has no such flag, which counts as 0, and no pipes among its files.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${file} is not a regular file`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
