import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A folder of a control group of Linux. */
export interface GroupFolder {
  readonly folder: string;
  /** Whether it is of cgroup v2. */
  readonly isUnified: boolean;
}

type Controller = 'cpu' | 'memory';

/**
 * The folders of this process's groups and of those around them, from the inside to the outside.
 *
 * @param root the root of the file system, for tests
 */
export function groupFolders(controller: Controller, root = '/'): GroupFolder[] {
  return groupsOf(controller, root).flatMap(({ mount, folder, isUnified }) =>
    upwards(folder).map((part) => ({ folder: path.join(root, mount, part), isUnified })),
  );
}

interface Group {
  /** Where the hierarchy is mounted. */
  readonly mount: string;
  /** Below the mount. */
  readonly folder: string;
  /** Whether it is of cgroup v2. */
  readonly isUnified: boolean;
}

/** This process's groups in the hierarchies with the controller. */
function groupsOf(controller: Controller, root: string): Group[] {
  const mounts = readGroup(path.join(root, 'proc/self/mountinfo'))
    .split('\n')
    .flatMap((line) => toMount(line, controller));
  const groups = readGroup(path.join(root, 'proc/self/cgroup'))
    .split('\n')
    .flatMap((line) => {
      // `5:cpu,cpuacct:/system.slice/ocr.service` in v1, `0::/system.slice/ocr.service` in v2.
      const [, controllers = '', folder = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
      const isUnified = controllers === '';
      if (folder === '' || !(isUnified || controllers.split(',').includes(controller))) return [];
      const mount = mounts.find((each) => each.isUnified === isUnified);
      const place = mount?.mount ?? (isUnified ? '/sys/fs/cgroup' : `/sys/fs/cgroup/${controller}`);
      return [{ mount: place, folder: below(mount?.root ?? '/', folder), isUnified }];
    });
  // A container may hide /proc/self/cgroup's place: its own group is then the root of the mount.
  return [
    ...groups,
    { mount: '/sys/fs/cgroup', folder: '/', isUnified: true },
    { mount: `/sys/fs/cgroup/${controller}`, folder: '/', isUnified: false },
  ];
}

interface Mount {
  readonly mount: string;
  /** The group that is mounted there. */
  readonly root: string;
  readonly isUnified: boolean;
}

/** A line of mountinfo: `31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct`. */
function toMount(line: string, controller: Controller): Mount[] {
  const [, root = '', mount = '', type = '', options = ''] =
    /^\d+ \d+ \S+ (\S+) (\S+) .*? - (cgroup2?) \S+ (\S+)/.exec(line) ?? [];
  const isUnified = type === 'cgroup2';
  if (mount === '' || !(isUnified || options.split(',').includes(controller))) return [];
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

/** The text of a file of a group; empty without such a file. */
export function readGroup(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // No such group, no cgroups, or another OS: nothing is known.
    return '';
  }
}
