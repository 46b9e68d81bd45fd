import type { Status } from 'pidusage';

/**
 * Memory, CPU use and age of a process; undefined when there is none with this id. The CPU use is that since the
 * previous call for the process; the first call reports the mean of its whole life.
 */
export async function processUsage(pid: number): Promise<Status | undefined> {
  // Loaded on demand: most commands never ask.
  const { default: pidusage } = await import('pidusage');
  return pidusage(pid).catch(() => undefined);
}
