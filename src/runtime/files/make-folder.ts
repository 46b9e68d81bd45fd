import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Another process may remove a folder that is still empty; it does so once or twice, not forever. */
const maxAttempts = 5;

/**
 * Creates a folder and its missing parents. Node's `mkdir` with `recursive` does the same, but never returns if the
 * parent exists and can hold no folder (/proc on Linux, where mkdir fails with ENOENT).
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const parent = path.dirname(folder);
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, mode);
      return;
    } catch (error) {
      const existing = await stat(folder).catch(() => undefined);
      if (existing?.isDirectory() === true) return;
      // The parent is missing, or another process removed the folder after mkdir found it.
      const canRetry =
        existing === undefined && ['ENOENT', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code));
      if (!canRetry || parent === folder || attempt > maxAttempts) throw error;
    }
    await makeFolder(parent, mode);
  }
}
