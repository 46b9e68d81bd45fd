import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isRunning, processBirth } from '../../process/birth.js';

/** The process that has a lease, as the lease names it. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Where `pid` means this process: the boot of the machine and the namespace of process ids. Undefined outside Linux. */
  readonly scope?: string | undefined;
  /** See `processBirth`. */
  readonly birth?: string | undefined;
}

export async function thisHolder(): Promise<Holder> {
  const [scope, birth] = await Promise.all([processScope(), processBirth(process.pid)]);
  return { host: hostname(), pid: process.pid, scope, birth };
}

/** Whether a holder has ended for certain. False for a process of another machine or container, which cannot be seen. */
export async function hasEnded({ pid, scope, birth }: Holder): Promise<boolean> {
  if (scope === undefined || birth === undefined || scope !== (await processScope())) return false;
  return !(await isRunning(pid)) || (await processBirth(pid)) !== birth;
}

async function processScope(): Promise<string | undefined> {
  try {
    const [boot, namespace] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
    ]);
    return `${boot.trim()} ${namespace}`;
  } catch {
    return undefined;
  }
}
