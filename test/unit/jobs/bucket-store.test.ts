import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { Bucket } from '../../../src/runtime/bucket/bucket.js';
import { BucketStore } from '../../../src/runtime/jobs/bucket-store.js';
import type { StoreLimits } from '../../../src/runtime/jobs/store-limits.js';
import { startBucketServer, type BucketServer } from '../../helpers/bucket-server.js';

let server: BucketServer;
const head = { 'head.json': '{}' };

beforeAll(async () => {
  server = await startBucketServer();
  process.env['AWS_ENDPOINT_URL_S3'] = server.url;
  process.env['AWS_ACCESS_KEY_ID'] = 'key';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
});

afterAll(async () => {
  for (const name of ['AWS_ENDPOINT_URL_S3', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    Reflect.deleteProperty(process.env, name);
  await server.close();
});

beforeEach(() => {
  server.objects.clear();
  server.isAway = false;
  server.hasOwnTags = false;
});

async function open(limits: Partial<StoreLimits> = {}): Promise<BucketStore> {
  const bucket = await Bucket.open({ bucket: 'shared', prefix: 'jobs/' });
  return new BucketStore(bucket, { keepMs: 3_600_000, maxItems: 100, maxBytes: 1e6, ...limits });
}

/** Makes an object older. */
function age(id: string, part: string, ms: number): void {
  const object = server.objects.get(`jobs/${id}/${part}`);
  if (object === undefined) throw new Error(`no ${id}/${part}`);
  object.modified = new Date(Date.now() - ms);
}

it('another server with the same bucket finds an item, its parts and its state', async () => {
  const [store, other] = [await open(), await open()];
  const id = await store.add('job', { ...head, 'file-0': new Uint8Array([0, 255, 128]) });
  const file = await store.add('file', { ...head, content: 'text' });
  expect([await other.list('job'), await other.list('file')]).toEqual([[id], [file]]);
  expect(await other.read(id, 'file-0')).toEqual(Buffer.from([0, 255, 128]));
  expect(await other.state(id)).toMatchObject({ claims: 0, isClaimed: false, finishedAt: undefined });
  await other.write(id, 'outcome.json', Buffer.from('{}'));
  expect((await store.state(id))?.finishedAt).toBeInstanceOf(Date);
  await other.drop(id, ['file-0', 'missing']);
  expect(await store.read(id, 'file-0')).toBeUndefined();
  await store.remove(id);
  expect([await other.list('job'), await other.read(id, 'head.json')]).toEqual([[], undefined]);
  await store.remove(file);
  expect([...server.objects.keys()]).toEqual([]);
});

it('one of many workers gets a job, and another when the claim is not renewed', async () => {
  const stores = await Promise.all(Array.from({ length: 10 }, () => open()));
  const [store = await open()] = stores;
  const id = await store.add('job', head);
  const first = await Promise.all(stores.map((each) => each.claim(id)));
  expect(first.filter((claim) => claim !== undefined)).toHaveLength(1);
  expect(await store.state(id)).toMatchObject({ claims: 1, isClaimed: true });
  age(id, 'claim-1', 16_000);
  expect(await store.state(id)).toMatchObject({ claims: 1, isClaimed: false });
  const again = await Promise.all(stores.map((each) => each.claim(id)));
  const [claim, ...others] = again.filter((each) => each !== undefined);
  expect(others).toEqual([]);
  age(id, 'claim-2', 16_000);
  await claim?.renew();
  expect(await store.state(id)).toMatchObject({ claims: 2, isClaimed: true });
  await claim?.giveBack();
  expect(await store.state(id)).toMatchObject({ claims: 1, isClaimed: false });
});

it.each([false, true])(
  'a claim is renewed again and again where tags are of the store’s own: %s',
  async (hasOwnTags) => {
    server.hasOwnTags = hasOwnTags;
    const [store, other] = [await open(), await open()];
    const id = await store.add('job', head);
    const claim = await store.claim(id);
    for (let i = 0; i < 3; i++) {
      age(id, 'claim-1', 16_000);
      expect(await other.state(id)).toMatchObject({ claims: 1, isClaimed: false });
      expect(await claim?.renew()).toBe(true);
      expect(await other.state(id)).toMatchObject({ claims: 1, isClaimed: true });
    }
    // A renewal whose answer was lost: the object has a tag that the worker does not know.
    const object = server.objects.get(`jobs/${id}/claim-1`);
    if (object !== undefined) server.objects.set(`jobs/${id}/claim-1`, { ...object, tag: '"other"' });
    expect(await claim?.renew()).toBe(true);
    expect(await claim?.renew()).toBe(true);
    await other.remove(id);
    expect(await claim?.renew()).toBe(false);
  },
);

it('a claim that was given back is not renewed when another worker has it', async () => {
  const [store, other] = [await open(), await open()];
  const id = await store.add('job', head);
  const claim = await store.claim(id);
  await claim?.giveBack();
  await other.claim(id);
  age(id, 'claim-1', 16_000);
  expect(await claim?.renew()).toBe(false);
  expect(await store.state(id)).toMatchObject({ isClaimed: false });
});

it('a finished job that another server removed is no job when its outcome is asked for', async () => {
  const [store, other] = [await open(), await open()];
  const id = await store.add('job', head);
  await store.write(id, 'outcome.json', Buffer.from('{}'));
  expect((await store.state(id))?.finishedAt).toBeInstanceOf(Date);
  await other.remove(id);
  expect(await store.read(id, 'outcome.json')).toBeUndefined();
  expect(await store.state(id)).toBeUndefined();
});

it('the states of all jobs cost a listing and one more request, however many jobs there are', async () => {
  const store = await open();
  expect([...(await store.states('job'))]).toEqual([]);
  const [waiting, claimed, stalled, done] = await Promise.all([1, 2, 3, 4].map(() => store.add('job', head)));
  await store.add('file', head);
  for (const id of [claimed, stalled]) await store.claim(String(id));
  age(String(stalled), 'claim-1', 16_000);
  await store.write(String(done), 'outcome.json', Buffer.from('{}'));
  const objects = [...server.objects.keys()].filter((key) => key.startsWith('jobs/j')).length;
  server.requests = 0;
  const states = await store.states('job');
  // The server lists three objects a page.
  expect(server.requests).toBe(Math.ceil(objects / 3) + 1);
  const about = [waiting, claimed, stalled, done].map((id) => states.get(String(id)));
  expect(about).toMatchObject([
    { claims: 0, isClaimed: false, finishedAt: undefined },
    { claims: 1, isClaimed: true, finishedAt: undefined },
    { claims: 1, isClaimed: false, finishedAt: undefined },
    { isClaimed: false, finishedAt: expect.any(Date) as Date },
  ]);
  expect(states.size).toBe(4);
});

it('a claim of a job that was removed brings nothing back', async () => {
  const store = await open();
  const id = await store.add('job', head);
  const claim = await store.claim(id);
  await store.remove(id);
  await claim?.renew();
  await expect(store.write(id, 'outcome.json', Buffer.from('{}'))).rejects.toThrow('it was removed');
  expect([...server.objects.keys()]).toEqual([]);
});

it('a full store removes finished jobs, and then refuses', async () => {
  const store = await open({ maxItems: 2 });
  const done = await store.add('job', head);
  await store.write(done, 'outcome.json', Buffer.from('{}'));
  age(done, 'outcome.json', 11 * 60_000);
  const waiting = await store.add('job', head);
  await store.add('job', head);
  expect(await store.list('job')).not.toContain(done);
  await expect(store.add('job', head)).rejects.toMatchObject({ code: 'jobs_full' });
  expect(await store.list('job')).toContain(waiting);
  await expect(
    (await open({ maxBytes: 10 })).add('file', { ...head, content: 'too long for it' }),
  ).rejects.toMatchObject({
    code: 'jobs_full',
  });
});

it('a sweep removes what has expired and what was left half-written, and no job in work', async () => {
  const store = await open({ keepMs: 60_000 });
  const [old, inWork, fresh] = [
    await store.add('job', head),
    await store.add('job', head),
    await store.add('job', head),
  ];
  age(old, 'head.json', 120_000);
  age(inWork, 'head.json', 120_000);
  await store.claim(inWork);
  const half = `j${'0'.repeat(40)}`;
  server.objects.set(`jobs/${half}/file-0`, {
    content: Buffer.from('x'),
    tag: '"x"',
    modified: new Date(Date.now() - 700_000),
  });
  server.objects.set('jobs/other', { content: Buffer.from('x'), tag: '"x"', modified: new Date(0) });
  await store.sweep();
  expect((await store.list('job')).sort()).toEqual([inWork, fresh].sort());
  expect(server.objects.has(`jobs/${half}/file-0`)).toBe(false);
  expect(server.objects.has('jobs/other')).toBe(true);
});

it('what cannot be removed keeps a sweep from no other item, and a full store from no further one', async () => {
  const store = await open({ keepMs: 3_600_000, maxItems: 3 });
  const ids: string[] = [];
  for (const minutes of [30, 20, 15]) {
    const id = await store.add('file', { ...head, content: 'x' });
    age(id, 'head.json', minutes * 60_000);
    ids.push(id);
  }
  const remove: (this: Bucket, key: string) => Promise<void> = Reflect.get(Bucket.prototype, 'delete');
  let stuck = `${String(ids[0])}/head.json`;
  const refused = vi.spyOn(Bucket.prototype, 'delete').mockImplementation(function (this: Bucket, key) {
    return key === stuck ? Promise.reject(new Error('AccessDenied')) : remove.call(this, key);
  });
  onTestFinished(() => refused.mockRestore());
  const added = await store.add('file', head);
  expect((await store.list('file')).sort()).toEqual([ids[0], ids[2], added].sort());
  for (const id of await store.list('file')) age(id, 'head.json', 7_200_000);
  await store.sweep();
  expect(await store.list('file')).toEqual([ids[0]]);
  stuck = `${String(ids[0])}/content`;
  await store.remove(String(ids[0]));
  expect(await store.list('file')).toEqual([]);
});

it('a bucket that is away is an error that says so, and no missing job', async () => {
  const store = await open();
  const id = await store.add('job', head);
  server.isAway = true;
  await expect(store.state(id)).rejects.toMatchObject({ code: 'jobs_unreadable', kind: 'unavailable' });
  await expect(store.read(id, 'head.json')).rejects.toMatchObject({ code: 'jobs_unreadable' });
  await expect(store.add('job', head)).rejects.toMatchObject({ code: 'jobs_unwritable' });
}, 60_000);

it.each(['../etc', 'jx', `j${'g'.repeat(40)}`, ''])('the name %j is no item', async (id) => {
  const store = await open();
  expect([await store.state(id), await store.read(id, 'head.json')]).toEqual([undefined, undefined]);
});
