import { readFile } from 'node:fs/promises';

/** What `ps` shows of a server process. */
export const serverTitle = 'ocrhub server';

/**
 * The title of a process, or its command line if it has set none. Undefined outside Linux, if there is no such process, and while it
 * ends: its memory is gone some milliseconds before it counts as ended.
 */
export async function titleOf(pid: number): Promise<string | undefined> {
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return title === '' ? undefined : title;
}
