import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it that are missing. As mkdir of Node with `recursive`, which however tries for ever
 * where the folder above is there and none can be made in it (/proc on Linux, whose answer is ENOENT).
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const above = path.dirname(folder);
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, mode);
      return;
    } catch (error) {
      const there = await stat(folder).catch(() => undefined);
      if (there?.isDirectory() === true) return;
      // Somebody removed the folder above, or this one since mkdir found it.
      const mayPass =
        there === undefined && ['ENOENT', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code));
      if (!mayPass || above === folder || attempt > patience) throw error;
    }
    await makeFolder(above, mode);
  }
}

/** A clean-up by another process removes a folder that is still empty; it does so once or twice, not for ever. */
const patience = 5;
