import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

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
  const quotas = groupsOf(root).flatMap(({ mount, folder, isUnified }) =>
    upwards(folder).map((part) => quotaIn(path.join(root, mount, part), isUnified)),
  );
  return Math.min(Infinity, ...quotas);
}

interface Group {
  /** Where the hierarchy is mounted. */
  readonly mount: string;
  /** Below the mount. */
  readonly folder: string;
  /** Whether it is of cgroup v2. */
  readonly isUnified: boolean;
}

/** This process's groups in the hierarchies that may limit the CPU. */
function groupsOf(root: string): Group[] {
  const mounts = read(path.join(root, 'proc/self/mountinfo')).split('\n').flatMap(toMount);
  const groups = read(path.join(root, 'proc/self/cgroup'))
    .split('\n')
    .flatMap((line) => {
      // `5:cpu,cpuacct:/system.slice/ocr.service` in v1, `0::/system.slice/ocr.service` in v2.
      const [, controllers = '', folder = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
      const isUnified = controllers === '';
      if (folder === '' || !(isUnified || controllers.split(',').includes('cpu'))) return [];
      const mount = mounts.find((each) => each.isUnified === isUnified);
      const place = mount?.mount ?? (isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu');
      return [{ mount: place, folder: below(mount?.root ?? '/', folder), isUnified }];
    });
  // A container may hide /proc/self/cgroup's place: its own group is then the root of the mount.
  return [
    ...groups,
    { mount: '/sys/fs/cgroup', folder: '/', isUnified: true },
    { mount: '/sys/fs/cgroup/cpu', folder: '/', isUnified: false },
  ];
}

interface Mount {
  readonly mount: string;
  /** The group that is mounted there. */
  readonly root: string;
  readonly isUnified: boolean;
}

/** A line of mountinfo: `31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct`. */
function toMount(line: string): Mount[] {
  const [, root = '', mount = '', type = '', options = ''] =
    /^\d+ \d+ \S+ (\S+) (\S+) .*? - (cgroup2?) \S+ (\S+)/.exec(line) ?? [];
  const isUnified = type === 'cgroup2';
  if (mount === '' || !(isUnified || options.split(',').includes('cpu'))) return [];
  return [{ mount, root, isUnified }];
}

/** The place of a group below a mount that shows the group `root`. A group outside it is not visible; then that of the mount counts. */
function below(root: string, folder: string): string {
  if (root === '/') return folder;
  return folder === root || folder.startsWith(`${root}/`) ? folder.slice(root.length) || '/' : '/';
}

/** `/a/b`, `/a`, `/`: a limit holds for all groups in a group. */
function upwards(folder: string): string[] {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, i) => `/${parts.slice(0, parts.length - i).join('/')}`);
}

function quotaIn(folder: string, isUnified: boolean): number {
  if (isUnified) {
    const [, quota, period] = /^(\d+) (\d+)/.exec(read(path.join(folder, 'cpu.max'))) ?? [];
    return quota === undefined ? Infinity : Number(quota) / Number(period);
  }
  const quota = Number(read(path.join(folder, 'cpu.cfs_quota_us')) || -1);
  const period = Number(read(path.join(folder, 'cpu.cfs_period_us')) || 100_000);
  return quota > 0 ? quota / period : Infinity;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // No such group, no cgroups, or another OS: no quota is known.
    return '';
  }
}
