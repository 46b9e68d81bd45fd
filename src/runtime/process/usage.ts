import type { Status } from 'pidusage';

/**
 * Memory, CPU use and age of a process; undefined if there is no such process. `cpu` is the use since the previous call
 * for the same process; the first call returns the mean since the process started.
 */
export async function processUsage(pid: number): Promise<Status | undefined> {
  // Loaded on demand: few commands need it.
  const { default: pidusage } = await import('pidusage');
  return pidusage(pid).catch(() => undefined);
}
