import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FolderStore } from '../../../src/runtime/jobs/folder-store.js';
import type { StoreLimits } from '../../../src/runtime/jobs/store-limits.js';
import { temporaryFolder } from '../../helpers/home.js';

const hour = 3_600_000;
const head = { 'head.json': '{}' };

async function newStore(limits: Partial<StoreLimits> = {}): Promise<{ root: string; store: FolderStore }> {
  const root = path.join(await temporaryFolder(), 'jobs');
  return { root, store: new FolderStore(root, { keepMs: hour, maxItems: 100, maxBytes: 1e6, ...limits }) };
}

/** Makes a file of an item older. */
async function age(root: string, id: string, part: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  await utimes(path.join(root, id, part), then, then);
}

it('names of items cannot be guessed: 160 random bits', async () => {
  const { store } = await newStore();
  const ids = await Promise.all(Array.from({ length: 20 }, () => store.add('job', head)));
  expect(new Set(ids).size).toBe(20);
  for (const id of ids) expect(id).toMatch(/^j[\da-f]{40}$/);
  expect((await store.list('job')).sort()).toEqual(ids.sort());
  expect(await store.list('file')).toEqual([]);
});

it('another server with the same folder finds an item, its parts and its state', async () => {
  const { root, store } = await newStore();
  const id = await store.add('job', { ...head, 'file-0': new Uint8Array([1, 2]) });
  const other = new FolderStore(root, { keepMs: hour, maxItems: 1, maxBytes: 1 });
  expect(await other.read(id, 'file-0')).toEqual(Buffer.from([1, 2]));
  expect(await other.state(id)).toMatchObject({ claims: 0, isClaimed: false, finishedAt: undefined });
  await other.write(id, 'outcome.json', Buffer.from('{}'));
  expect((await store.state(id))?.finishedAt).toBeInstanceOf(Date);
  await other.drop(id, ['file-0', 'missing']);
  expect(await store.read(id, 'file-0')).toBeUndefined();
  await store.remove(id);
  expect([await other.state(id), await other.read(id, 'head.json')]).toEqual([undefined, undefined]);
  expect(await readdir(root)).toEqual([]);
});

it('one of many workers gets a job, and another when the claim is not renewed', async () => {
  const { root, store } = await newStore();
  const id = await store.add('job', head);
  const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim(id)));
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
  expect(await store.state(id)).toMatchObject({ claims: 1, isClaimed: true });
  await age(root, id, 'claim-1', 16_000);
  expect(await store.state(id)).toMatchObject({ claims: 1, isClaimed: false });
  const again = await Promise.all(Array.from({ length: 10 }, () => store.claim(id)));
  const [claim] = again.filter((each) => each !== undefined);
  await age(root, id, 'claim-2', 16_000);
  await claim?.renew();
  expect(await store.state(id)).toMatchObject({ claims: 2, isClaimed: true });
  await claim?.giveBack();
  expect(await store.state(id)).toMatchObject({ claims: 1, isClaimed: false });
});

it('a claim is renewed until its job is removed, and the states of all jobs are told at once', async () => {
  const { root, store } = await newStore();
  expect([...(await store.states('job'))]).toEqual([]);
  const [id, other] = [await store.add('job', head), await store.add('job', head)];
  await store.add('file', head);
  const claim = await store.claim(id);
  for (let i = 0; i < 3; i++) {
    await age(root, id, 'claim-1', 16_000);
    expect(await claim?.renew()).toBe(true);
    expect(await store.states('job')).toMatchObject(
      new Map([
        [id, { claims: 1, isClaimed: true }],
        [other, { claims: 0, isClaimed: false }],
      ]),
    );
  }
  await store.remove(id);
  expect(await claim?.renew()).toBe(false);
  expect([...(await store.states('job')).keys()]).toEqual([other]);
});

it('items expire, counted from when they were finished, but not one in work', async () => {
  const { root, store } = await newStore({ keepMs: hour });
  const [old, finished, claimed, fresh] = await Promise.all([1, 2, 3, 4].map(() => store.add('job', head)));
  await store.write(String(finished), 'outcome.json', Buffer.from('{}'));
  for (const id of [old, finished, claimed]) await age(root, String(id), 'head.json', 2 * hour);
  await store.claim(String(claimed));
  expect(await store.state(String(old))).toBeUndefined();
  await store.sweep();
  expect((await store.list('job')).sort()).toEqual([finished, claimed, fresh].map(String).sort());
  await age(root, String(finished), 'outcome.json', 2 * hour);
  await store.sweep();
  expect((await store.list('job')).sort()).toEqual([claimed, fresh].map(String).sort());
});

it.each([
  ['items', { maxItems: 3 }, 'The server keeps 3 items of jobs and files already, which is its limit'],
  ['bytes', { maxBytes: 310 }, 'The server keeps 310 bytes of jobs and files already, which is its limit'],
])(
  'a store that is full of %s refuses further ones, until a finished one is old enough to go',
  async (_, limits, message) => {
    const { root, store } = await newStore(limits);
    const parts = { ...head, 'file-0': new Uint8Array(100) };
    const ids = [await store.add('job', parts), await store.add('job', parts), await store.add('file', parts)];
    await store.write(String(ids[1]), 'outcome.json', Buffer.from('{}'));
    await expect(store.add('job', parts)).rejects.toThrow(message);
    await age(root, String(ids[1]), 'outcome.json', 11 * 60_000);
    const added = await store.add('job', parts);
    expect([...(await store.list('job')), ...(await store.list('file'))].sort()).toEqual(
      [ids[0], ids[2], added].sort(),
    );
    await expect(store.add('job', parts)).rejects.toMatchObject({ code: 'jobs_full', httpStatus: 429 });
  },
);

it('several servers that add at the same time stay within the limit, but for one item each', async () => {
  const { root } = await newStore();
  const adding = [1, 2, 3].flatMap(() => {
    const store = new FolderStore(root, { keepMs: hour, maxItems: 10, maxBytes: 1e6 });
    return Array.from({ length: 10 }, () => store.add('job', head));
  });
  const added = await Promise.allSettled(adding);
  expect(added.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(10);
  expect((await readdir(root)).length).toBeLessThanOrEqual(12);
});

it('removes what a killed server left half-written, when no server can be writing it any more', async () => {
  const { root, store } = await newStore();
  const id = await store.add('job', head);
  const left = [`new-j${'0'.repeat(40)}`, `gone-j${'1'.repeat(40)}`, `new-j${'2'.repeat(40)}`];
  for (const name of left) await mkdir(path.join(root, name));
  await writeFile(path.join(root, String(left[0]), 'file-0'), 'half');
  const then = new Date(Date.now() - hour);
  for (const name of left.slice(0, 2)) await utimes(path.join(root, name), then, then);
  await store.sweep();
  expect((await readdir(root)).sort()).toEqual([id, String(left[2])].sort());
});

it('follows no symbolic link: not as the folder, as an item or as a part', async () => {
  const outside = await temporaryFolder();
  await writeFile(path.join(outside, 'head.json'), '{"secret":1}');
  const { root, store } = await newStore();
  const id = await store.add('job', head);
  const linked = `j${'a'.repeat(40)}`;
  await symlink(outside, path.join(root, linked));
  await symlink(path.join(outside, 'head.json'), path.join(root, id, 'answer.json'));
  expect([await store.state(linked), await store.read(linked, 'head.json')]).toEqual([undefined, undefined]);
  expect(await store.read(id, 'answer.json')).toBeUndefined();
  await store.write(id, 'answer.json', Buffer.from('new'));
  expect(String(await store.read(id, 'answer.json'))).toBe('new');
  await store.sweep();
  expect(await readdir(outside)).toEqual(['head.json']);

  const link = path.join(await temporaryFolder(), 'link');
  await symlink(outside, link);
  const through = new FolderStore(link, { keepMs: hour, maxItems: 9, maxBytes: 1e6 });
  await expect(through.add('job', head)).rejects.toThrow(
    'Jobs and files cannot be written now: a link is in place of its folder',
  );
  expect(await readdir(outside)).toEqual(['head.json']);
});

it.each(['..', '../../etc', 'j', `j${'g'.repeat(40)}`, `new-j${'0'.repeat(40)}`, ''])(
  'takes %j for no item',
  async (id) => {
    const { store } = await newStore();
    await store.add('job', head);
    expect([await store.state(id), await store.read(id, 'head.json')]).toEqual([undefined, undefined]);
  },
);

it('a folder that cannot be written is a clear error, and nothing is left', async () => {
  const { root, store } = await newStore();
  await writeFile(root, 'a file in its place');
  await expect(store.add('job', head)).rejects.toMatchObject({
    code: 'jobs_unwritable',
    httpStatus: 503,
    message: expect.not.stringContaining(root) as string,
  });
});
