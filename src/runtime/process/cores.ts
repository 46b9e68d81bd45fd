import { readFileSync } from 'node:fs';
import os from 'node:os';

/** The cores that this process may use: those of the OS, or fewer if the container's cgroup allows fewer. At least 1. */
export function availableCores(): number {
  return Math.max(1, Math.min(os.availableParallelism(), Math.ceil(cgroupQuota())));
}

/** The cgroup's CPU quota in cores, which Node 20 does not read. Infinity without a quota. */
function cgroupQuota(): number {
  const v2 = /^(\d+) (\d+)/.exec(read('/sys/fs/cgroup/cpu.max'));
  if (v2 !== null) return Number(v2[1]) / Number(v2[2]);
  const quota = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') || -1);
  const period = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') || 100_000);
  return quota > 0 ? quota / period : Infinity;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
