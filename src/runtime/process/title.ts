import { readFile } from 'node:fs/promises';

/** What `ps` shows of a server process. */
export const serverTitle = 'ocrhub server';

/** The title of a process, or its command line if it has set none. Undefined outside Linux, and if there is no such process. */
export async function titleOf(pid: number): Promise<string | undefined> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
}
