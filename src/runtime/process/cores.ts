import { readFileSync } from 'node:fs';
import os from 'node:os';

/** Cores that this process may use: what the system says, or less where a container's cgroup allows less. */
export function availableCores(): number {
  return Math.max(1, Math.min(os.availableParallelism(), Math.ceil(cgroupQuota())));
}

/** Cores that the cgroup's CPU quota amounts to; Node 20 does not look at it. Infinity where there is none. */
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
