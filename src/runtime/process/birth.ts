import { readFile } from 'node:fs/promises';
import { processExists } from './exists.js';
import { processUsage } from './usage.js';

/** When a process started, in milliseconds since 1970; undefined if there is none with this id. */
export async function processStartTime(pid: number): Promise<number | undefined> {
  if (await isDefunct(pid)) return undefined;
  const usage = await processUsage(pid);
  return usage === undefined ? undefined : usage.timestamp - usage.elapsed;
}

/**
 * What tells a process from a later one with its id, whatever happens to the clock: the boot, and the tick of it at which
 * the process started. Undefined where /proc does not tell it, as everywhere but on Linux.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  const files = [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'];
  const [stat = '', boot = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  // The name of a program, in brackets, may hold blanks and brackets; the tick is the twentieth value behind it.
  const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return tick === undefined || boot === '' ? undefined : `${boot.trim()} ${tick}`;
}

/** Whether there is a process with this id, also one of another user, that is not dead and only listed. */
export async function isRunning(pid: number): Promise<boolean> {
  return processExists(pid) && !(await isDefunct(pid));
}

/**
 * Whether a process is dead and only listed: in a container whose first process collects no orphans, Linux does so for
 * ever.
 */
async function isDefunct(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) [ZX] /.test(stat);
}
