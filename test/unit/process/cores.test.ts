import path from 'node:path';
import { expect, it } from 'vitest';
import { cpuQuota } from '../../../src/runtime/process/cores.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

const v2 = '29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const v1 = '33 25 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n';
const hybrid = `${v1}34 25 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`;

it.each<[what: string, cores: number, files: Readonly<Record<string, string>>]>([
  ['without cgroups', Infinity, {}],
  [
    'of the own group in v2, as systemd sets it',
    1,
    {
      'proc/self/mountinfo': v2,
      'proc/self/cgroup': '0::/system.slice/ocrhub.service\n',
      'sys/fs/cgroup/system.slice/ocrhub.service/cpu.max': '100000 100000\n',
      'sys/fs/cgroup/system.slice/cpu.max': 'max 100000\n',
    },
  ],
  [
    'of a group around it in v2, where the own one allows more',
    0.5,
    {
      'proc/self/mountinfo': v2,
      'proc/self/cgroup': '0::/a/b/c\n',
      'sys/fs/cgroup/a/b/c/cpu.max': '400000 100000\n',
      'sys/fs/cgroup/a/b/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/a/cpu.max': '50000 100000\n',
    },
  ],
  [
    'of a container in v2, which sees its group as the root',
    3,
    { 'proc/self/mountinfo': v2, 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '300000 100000\n' },
  ],
  [
    'of the own group in v1, mounted for two controllers',
    1.5,
    {
      'proc/self/mountinfo': v1,
      'proc/self/cgroup': '5:memory:/x\n4:cpu,cpuacct:/system.slice/ocrhub.service\n',
      'sys/fs/cgroup/cpu,cpuacct/system.slice/ocrhub.service/cpu.cfs_quota_us': '75000\n',
      'sys/fs/cgroup/cpu,cpuacct/system.slice/ocrhub.service/cpu.cfs_period_us': '50000\n',
      'sys/fs/cgroup/cpu,cpuacct/system.slice/cpu.cfs_quota_us': '-1\n',
    },
  ],
  [
    'of v1 beside a v2 without the controller',
    2,
    {
      'proc/self/mountinfo': hybrid,
      'proc/self/cgroup': '4:cpu,cpuacct:/nested/deep\n0::/nested/deep\n',
      'sys/fs/cgroup/cpu,cpuacct/nested/cpu.cfs_quota_us': '200000\n',
      'sys/fs/cgroup/cpu,cpuacct/nested/cpu.cfs_period_us': '100000\n',
    },
  ],
  [
    'of a container in v1 whose mount shows its own group',
    1,
    {
      'proc/self/mountinfo': v1.replace(' / ', ' /docker/abc '),
      'proc/self/cgroup': '4:cpu,cpuacct:/docker/abc\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '100000\n',
    },
  ],
  [
    'of a group in a container in v1',
    0.2,
    {
      'proc/self/mountinfo': v1.replace(' / ', ' /docker/abc '),
      'proc/self/cgroup': '4:cpu:/docker/abc/inner\n',
      'sys/fs/cgroup/cpu,cpuacct/inner/cpu.cfs_quota_us': '20000\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '100000\n',
    },
  ],
  ['of the root, where /proc tells nothing', 2, { 'sys/fs/cgroup/cpu.max': '200000 100000\n' }],
  [
    'unlimited',
    Infinity,
    { 'proc/self/mountinfo': v2, 'proc/self/cgroup': '0::/a\n', 'sys/fs/cgroup/a/cpu.max': 'max 100000\n' },
  ],
])('cpuQuota reads the quota %s', async (_, cores, files) => {
  const root = await writeFiles(path.join(await temporaryFolder(), 'root'), files);
  expect(cpuQuota(root)).toBe(cores);
});
