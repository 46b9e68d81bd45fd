import os from 'node:os';
import path from 'node:path';
import { groupFolders, readGroup } from './cgroups.js';

/** The cores that this process may use: those of the OS, or fewer if its cgroups allow fewer. At least 1. */
export function availableCores(): number {
  // The OS knows which processors this process may use: taskset and cpusets.
  return Math.max(1, Math.min(os.availableParallelism(), Math.ceil(cpuQuota())));
}

/**
 * The smallest CPU quota of this process's cgroup and of those around it, in cores. Node 20 does not read it. Infinity without a
 * quota. A service of systemd with CPUQuota= has one in its own cgroup; a container sees its own as the root.
 *
 * @param root the root of the file system, for tests
 */
export function cpuQuota(root = '/'): number {
  const quotas = groupFolders('cpu', root).map(({ folder, isUnified }) => quotaIn(folder, isUnified));
  return Math.min(Infinity, ...quotas);
}

function quotaIn(folder: string, isUnified: boolean): number {
  if (isUnified) {
    const [, quota, period] = /^(\d+) (\d+)/.exec(readGroup(path.join(folder, 'cpu.max'))) ?? [];
    return quota === undefined ? Infinity : Number(quota) / Number(period);
  }
  const quota = Number(readGroup(path.join(folder, 'cpu.cfs_quota_us')) || -1);
  const period = Number(readGroup(path.join(folder, 'cpu.cfs_period_us')) || 100_000);
  return quota > 0 ? quota / period : Infinity;
}
