import type * as files from 'node:fs/promises';
import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { FolderStore } from '../../../src/runtime/jobs/folder-store.js';
import { temporaryFolder } from '../../helpers/home.js';

/* A folder on a share whose server is away: the system refuses calls, with ESTALE or EIO. */

type Files = typeof files;

const share = vi.hoisted(() => ({ away: [] as string[], code: 'ESTALE', only: undefined as string[] | undefined }));

vi.mock('node:fs/promises', async (load) => {
  const whole = await load<Files>();
  const entries = Object.entries(whole).map(([name, call]) => [
    name,
    typeof call !== 'function'
      ? call
      : (...values: unknown[]) => {
          const isMeant = share.only?.some((part) => String(values[0]).endsWith(part)) ?? true;
          if (!share.away.includes(name) || !isMeant) return (call as (...given: unknown[]) => unknown)(...values);
          const { code } = share;
          return Promise.reject(Object.assign(new Error(`${code}: refused, ${name} '/srv/jobs'`), { code }));
        },
  ]);
  return Object.fromEntries(entries) as Files;
});

beforeEach(() => {
  share.away = [];
  share.code = 'ESTALE';
  share.only = undefined;
});

it.each([
  ['lstat', 'state', 'jobs_unreadable'],
  ['readdir', 'state', 'jobs_unreadable'],
  ['lstat', 'read', 'jobs_unreadable'],
  ['open', 'read', 'jobs_unreadable'],
  ['readdir', 'list', 'jobs_unreadable'],
  ['lstat', 'claim', 'jobs_unreadable'],
  ['open', 'claim', 'jobs_unwritable'],
  ['open', 'write', 'jobs_unwritable'],
  ['rename', 'write', 'jobs_unwritable'],
  ['link', 'writeNew', 'jobs_unwritable'],
  ['unlink', 'giveBack', 'jobs_unwritable'],
  ['rename', 'remove', 'jobs_unwritable'],
] as const)(
  'a system that refuses %s makes %s fail with an error of the store, and hides no job',
  async (call, of, code) => {
    const root = path.join(await temporaryFolder(), 'jobs');
    const store = new FolderStore(root, { keepMs: 3_600_000, maxItems: 9, maxBytes: 1e6 });
    const id = await store.add('job', { 'head.json': '{}' });
    await store.list('job');
    const claim = of === 'giveBack' ? await store.claim(id) : undefined;
    const bytes = Buffer.from('{}');
    share.away = [call];
    const calls = {
      state: () => store.state(id),
      read: () => store.read(id, 'head.json'),
      list: () => store.list('job'),
      claim: () => store.claim(id),
      write: () => store.write(id, 'outcome.json', bytes),
      writeNew: () => store.writeNew(id, 'outcome.json', bytes),
      giveBack: () => claim?.giveBack(),
      remove: () => store.remove(id),
    };
    await expect(calls[of]()).rejects.toMatchObject({ code, message: expect.not.stringContaining('/srv') as string });
    share.away = [];
    expect(await store.list('job')).toEqual([id]);
  },
);

it('a system that removes nothing keeps no job from being added, claimed, found and removed', async () => {
  const root = path.join(await temporaryFolder(), 'jobs');
  share.away = ['rm'];
  share.code = 'EIO';
  const store = new FolderStore(root, { keepMs: 3_600_000, maxItems: 9, maxBytes: 1e6 });
  const id = await store.add('job', { 'head.json': '{}' });
  expect(await store.claim(id)).toBeDefined();
  // A server that has just begun compares its clock first.
  const other = new FolderStore(root, { keepMs: 3_600_000, maxItems: 9, maxBytes: 1e6 });
  expect(await other.state(id)).toMatchObject({ claims: 1 });
  await other.remove(id);
  expect(await store.state(id)).toBeUndefined();
  share.away = [];
});

it('a sweep ends where nothing can be removed, and the next one removes it', async () => {
  const root = path.join(await temporaryFolder(), 'jobs');
  const store = new FolderStore(root, { keepMs: -1000, maxItems: 9, maxBytes: 1e6 });
  for (let i = 0; i < 3; i++) await store.add('job', { 'head.json': '{}' });
  share.away = ['rename'];
  share.code = 'EIO';
  await store.sweep();
  expect((await store.outdated()).length).toBe(3);
  share.away = [];
  await store.sweep();
  expect(await store.outdated()).toEqual([]);
});

it('a full store removes the next oldest item if the oldest one cannot be removed, and says why if none can', async () => {
  const root = path.join(await temporaryFolder(), 'jobs');
  const store = new FolderStore(root, { keepMs: 3_600_000, maxItems: 3, maxBytes: 1e6 });
  const ids: string[] = [];
  for (const minutes of [30, 20, 15]) {
    const id = await store.add('file', { 'head.json': '{}' });
    const then = new Date(Date.now() - minutes * 60_000);
    await utimes(path.join(root, id, 'head.json'), then, then);
    ids.push(id);
  }
  share.away = ['rename'];
  share.code = 'EACCES';
  share.only = ids.slice(0, 1);
  const added = await store.add('file', { 'head.json': '{}' });
  expect((await store.list('file')).sort()).toEqual([ids[0], ids[2], added].sort());
  share.only = ids;
  await expect(store.add('file', { 'head.json': '{}' })).rejects.toMatchObject({ code: 'jobs_unwritable' });
});

it('a sweep goes on after an item that cannot be looked at', async () => {
  const root = path.join(await temporaryFolder(), 'jobs');
  const store = new FolderStore(root, { keepMs: -1000, maxItems: 9, maxBytes: 1e6 });
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push(await store.add('job', { 'head.json': '{}' }));
  const [first = ''] = await store.list('job');
  share.away = ['readdir', 'lstat'];
  share.only = [first];
  await store.sweep();
  share.away = [];
  expect(await store.list('job')).toEqual([first]);
});

it('a probe of the clock that stays is made once a minute at most, and swept', async () => {
  const root = path.join(await temporaryFolder(), 'jobs');
  const store = new FolderStore(root, { keepMs: 3_600_000, maxItems: 9, maxBytes: 1e6 });
  const id = await store.add('job', { 'head.json': '{}' });
  share.away = ['rm'];
  const other = new FolderStore(root, { keepMs: 3_600_000, maxItems: 9, maxBytes: 1e6 });
  for (let i = 0; i < 3; i++) await other.state(id);
  share.away = [];
  const probes = (await readdir(root)).filter((name) => name.startsWith('.clock-'));
  expect(probes.length).toBe(1);
  const then = new Date(Date.now() - 11 * 60_000);
  await utimes(path.join(root, String(probes[0])), then, then);
  await store.sweep();
  expect(await readdir(root)).toEqual([id]);
});

it.each(['EPERM', 'ENOTSUP'])(
  'a part that is there stays also on a file system whose answer to links is %s',
  async (code) => {
    const root = path.join(await temporaryFolder(), 'jobs');
    const store = new FolderStore(root, { keepMs: 3_600_000, maxItems: 9, maxBytes: 1e6 });
    const id = await store.add('job', { 'head.json': '{}' });
    share.away = ['link'];
    share.code = code;
    expect(await store.writeNew(id, 'outcome.json', Buffer.from('1'))).toBe(true);
    expect(await store.writeNew(id, 'outcome.json', Buffer.from('2'))).toBe(false);
    expect(String(await store.read(id, 'outcome.json'))).toBe('1');
  },
);
