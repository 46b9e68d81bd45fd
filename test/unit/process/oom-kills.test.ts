import { expect, it } from 'vitest';
import { memoryLimit, OomKills } from '../../../src/runtime/process/oom-kills.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

const v2 = '29 22 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n';
const v1 = '33 25 0:29 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n';

interface Group {
  readonly files: Readonly<Record<string, string>>;
  readonly counter: string;
  readonly text: (kills: number) => string;
}

const unified: Group = {
  files: {
    'proc/self/mountinfo': v2,
    'proc/self/cgroup': '0::/a/b\n',
    'sys/fs/cgroup/a/b/memory.max': 'max\n',
    'sys/fs/cgroup/a/memory.max': '157286400\n',
    'sys/fs/cgroup/a/memory.events': 'oom 7\noom_kill 7\n',
  },
  counter: 'sys/fs/cgroup/a/b/memory.events',
  text: (kills) => `low 0\nhigh 0\nmax 90\noom 3\noom_kill ${kills}\noom_group_kill 0\n`,
};

const legacy: Group = {
  files: {
    'proc/self/mountinfo': v1,
    'proc/self/cgroup': '5:memory:/x\n4:cpu,cpuacct:/y\n',
    'sys/fs/cgroup/memory/x/memory.limit_in_bytes': '157286400\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  },
  counter: 'sys/fs/cgroup/memory/x/memory.oom_control',
  text: (kills) => `oom_kill_disable 0\nunder_oom 0\noom_kill ${kills}\n`,
};

it.each([
  ['v2', unified],
  ['v1', legacy],
])('a kill that the cgroup counts explains one process, in %s', async (_, { files, counter, text }) => {
  const root = await temporaryFolder();
  await writeFiles(root, { ...files, [counter]: text(4) });
  const kills = new OomKills(root);
  expect(kills.explain('SIGKILL')).toBe('SIGKILL');
  await writeFiles(root, { [counter]: text(5) });
  expect(kills.explain('SIGSEGV')).toBe('SIGSEGV');
  expect(kills.explain('exit code 1')).toBe('exit code 1');
  const proven = 'SIGKILL: the kernel killed it for lack of memory; its cgroup allows 150 MiB';
  expect(kills.explain('SIGKILL')).toBe(proven);
  expect(kills.explain('SIGKILL')).toBe('SIGKILL');
  await writeFiles(root, { [counter]: text(7) });
  expect([1, 2, 3].map(() => kills.explain('SIGKILL'))).toEqual([proven, proven, 'SIGKILL']);
});

it('memory is a guess where no counter can be read', async () => {
  const kills = new OomKills(await temporaryFolder());
  expect(kills.explain('SIGKILL')).toBe('SIGKILL, perhaps for lack of memory');
  expect(kills.explain('SIGTERM')).toBe('SIGTERM');
});

it('a group without a limit has no number to tell', async () => {
  const root = await temporaryFolder();
  const { counter, text } = unified;
  const files = { 'proc/self/mountinfo': v2, 'proc/self/cgroup': '0::/a/b\n' };
  await writeFiles(root, { ...files, [counter]: text(0), 'sys/fs/cgroup/a/b/memory.max': 'max\n' });
  const kills = new OomKills(root);
  await writeFiles(root, { [counter]: text(1) });
  expect(memoryLimit(root)).toBe(Infinity);
  expect(kills.explain('SIGKILL')).toBe('SIGKILL: the kernel killed it for lack of memory');
});
