import { readFile } from 'node:fs/promises';
import { processExists } from './exists.js';
import { processUsage } from './usage.js';

/** When a process started, in milliseconds since 1970; undefined if there is no such process. */
export async function processStartTime(pid: number): Promise<number | undefined> {
  if (await isDefunct(pid)) return undefined;
  const usage = await processUsage(pid);
  return usage === undefined ? undefined : usage.timestamp - usage.elapsed;
}

/**
 * Identifies a process among all that ever have its id, independent of the clock: the boot id and the clock tick at which
 * it started. Undefined without /proc, that is outside Linux.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  const files = [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'];
  const [stat = '', boot = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  // The program's name, in parentheses, may hold spaces and parentheses. The tick is the 20th field after it.
  const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return tick === undefined || boot === '' ? undefined : `${boot.trim()} ${tick}`;
}

/** Whether a process with this id runs, also one of another user. A zombie does not run. */
export async function isRunning(pid: number): Promise<boolean> {
  return processExists(pid) && !(await isDefunct(pid));
}

/** Whether a process is a zombie. In a container whose first process reaps no children, zombies stay forever. */
async function isDefunct(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) [ZX] /.test(stat);
}
