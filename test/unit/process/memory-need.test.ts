import path from 'node:path';
import { expect, it } from 'vitest';
import { checkMemory, warnOfLittleMemory } from '../../../src/runtime/process/memory-need.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

/** A system whose cgroup allows `limit`, with processes 1 (25 MiB), 2 and 3 (120 MiB each). */
async function system(limit: string): Promise<string> {
  const status = (mebibytes: number): string =>
    `Name:\tnode\nVmRSS:\t 999999 kB\nRssAnon:\t   ${mebibytes * 1024} kB\n`;
  const folder = await writeFiles(await temporaryFolder(), {
    'proc/self/cgroup': '0::/box\n',
    'proc/self/mountinfo': '1 1 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
    'sys/fs/cgroup/box/memory.max': `${limit}\n`,
    'proc/1/status': status(25),
    'proc/2/status': status(120),
    'proc/3/status': status(120),
  });
  return `${folder}${path.sep}`;
}

const mebibytes = (count: number): string => String(count * 1024 ** 2);

it.each([
  ['max', [2, 3]],
  [mebibytes(4000), [2, 3]],
  [mebibytes(520), [2, 3]],
  [mebibytes(300), [2]],
])('says nothing if %s bytes are enough for %j', async (limit, processes) => {
  expect(checkMemory({ processes, others: [1] }, await system(limit))).toBeUndefined();
});

it('warns if a page in each process does not fit', async () => {
  expect(checkMemory({ processes: [2], others: [1] }, await system(mebibytes(220)))).toMatch(
    /^the cgroup allows 220 MiB, and the processes hold 145 MiB with the models loaded; a page of 5 megapixels takes up to 124 MiB more/,
  );
  expect(checkMemory({ processes: [2, 3], others: [1] }, await system(mebibytes(500)))).toMatch(
    /allows 500 MiB, and the processes hold 265 MiB .* in each inference process takes up to 248 MiB more/,
  );
});

it.each([
  [150, [2]],
  [100, [2]],
  [270, [2, 3]],
])('refuses %d MiB for %j', async (limit, processes) => {
  const root = await system(mebibytes(limit));
  expect(() => checkMemory({ processes, others: [1] }, root)).toThrow(
    `The cgroup allows ${limit} MiB of memory, and ${processes.length} inference process`,
  );
});

it('says nothing of a process that has gone, or on a system without /proc', async () => {
  expect(checkMemory({ processes: [9], others: [1] }, await system(mebibytes(150)))).toBeUndefined();
  expect(checkMemory({ processes: [2], others: [1] }, '/nowhere/')).toBeUndefined();
});

it('speaks of this process alone if it reads by itself', async () => {
  const itself = { processes: [], others: [2] };
  expect(checkMemory(itself, await system(mebibytes(300)))).toBeUndefined();
  expect(checkMemory(itself, await system(mebibytes(220)))).toMatch(
    /^the cgroup allows 220 MiB, and this process holds 120 MiB with the models loaded; .* Allow more memory$/,
  );
  const root = await system(mebibytes(150));
  expect(() => checkMemory(itself, root)).toThrow(
    'The cgroup allows 150 MiB of memory, and this process holds 120 MiB',
  );
});

it.each([
  ['max', undefined],
  [mebibytes(200), undefined],
  [mebibytes(150), expect.stringContaining('the cgroup allows 150 MiB')],
  [mebibytes(90), expect.stringContaining('the cgroup allows 90 MiB')],
])('warns before models are loaded if %s bytes are too few', async (limit, warning) => {
  expect(warnOfLittleMemory(await system(limit))).toEqual(warning);
});
