import { mkdir, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import type { Lease } from '../../../src/runtime/batch/store/leases.js';
import { PatientStore } from '../../../src/runtime/batch/store/patient-store.js';
import { temporaryFolder } from './helpers.js';

describe('FolderStore', () => {
  it('reads what was written, and undefined for an object that is not there', async () => {
    const store = new FolderStore(await temporaryFolder());
    await store.write('results/0000001.jsonl', 'a\n');
    expect((await store.read('results/0000001.jsonl'))?.toString()).toBe('a\n');
    expect(await store.read('results/0000002.jsonl')).toBeUndefined();
    expect(await store.list('results')).toEqual(['0000001.jsonl']);
    expect(await store.list('nothing')).toEqual([]);
  });

  it('lets one of twenty creators win, with its whole content', async () => {
    const folder = await temporaryFolder();
    const store = new FolderStore(folder);
    const contents = Array.from({ length: 20 }, (_, i) => `content ${i}`);
    const won = await Promise.all(contents.map((content) => store.create('run.json', content)));
    const winners = contents.filter((_, i) => won[i]);
    expect(winners).toHaveLength(1);
    expect((await store.read('run.json'))?.toString()).toBe(winners[0]);
    expect(await readdir(folder)).toEqual(['run.json']);
  });
});

describe('a folder whose run has gone away', () => {
  it.each([
    ['that it read', (store: FolderStore): Promise<unknown> => store.read('run.json')],
    ['that it made', (store: FolderStore): Promise<unknown> => store.create('run.json', '{}')],
  ])('is a share that is away, for a run %s: nothing is written, and nothing counts as missing', async (_, see) => {
    const folder = path.join(await temporaryFolder(), 'out');
    if (_ === 'that it read') await new FolderStore(folder).create('run.json', '{}');
    const store = new FolderStore(folder);
    await see(store);
    await rename(folder, `${folder}-away`);
    // As the mount point is then.
    await mkdir(folder);
    await expect(store.write('results/0000001.jsonl', 'a\n')).rejects.toThrow('run.json');
    await expect(store.read('plan-1/000000.jsonl')).rejects.toThrow('run.json');
    await expect(store.list('results')).rejects.toMatchObject({ code: 'batch_gone' });
    await expect(store.leases.take('0000001')).rejects.toMatchObject({ code: 'batch_gone' });
    expect(await store.read('run.json')).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
    await rename(`${folder}-away`, folder);
    await store.write('results/0000001.jsonl', 'a\n');
    expect(await store.list('results')).toEqual(['0000001.jsonl']);
  });
});

describe('leases of a folder', () => {
  const old = new Date(Date.now() - 3_600_000);
  const taken: Lease[] = [];
  afterEach(async () => {
    // Some are released by the test.
    for (const lease of taken.splice(0)) await lease.release().catch(() => undefined);
  });

  /** Leases whose files are closed after the test. */
  function leasesOf(folder: string): FolderStore['leases'] {
    const { leases } = new FolderStore(folder);
    return {
      held: () => leases.held(),
      take: async (name) => {
        const lease = await leases.take(name);
        if (lease !== undefined) taken.push(lease);
        return lease;
      },
    };
  }

  it('are looked at without writing anything', async () => {
    const folder = await temporaryFolder();
    expect(await new FolderStore(folder).leases.held()).toEqual(new Set());
    expect(await readdir(folder)).toEqual([]);
  });

  it('have one holder', async () => {
    const leases = leasesOf(await temporaryFolder());
    const taken = await Promise.all(Array.from({ length: 20 }, () => leases.take('0000007')));
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('can be taken again after their release, and count no loss then', async () => {
    const leases = leasesOf(await temporaryFolder());
    await (await leases.take('0000007'))?.release();
    expect((await leases.take('0000007'))?.losses).toBe(0);
  });

  it('pass to one of twenty workers when they are not renewed, and tell the old holder', async () => {
    const folder = await temporaryFolder();
    const leases = leasesOf(folder);
    const first = await leases.take('0000007');
    await utimes(path.join(folder, 'leases', '0000007'), old, old);
    const taken = await Promise.all(Array.from({ length: 20 }, () => leases.take('0000007')));
    const winners = taken.filter((lease) => lease !== undefined);
    expect(winners.map(({ losses }) => losses)).toEqual([1]);
    expect(await first?.renew()).toBe(false);
    await first?.release();
    expect(await winners[0]?.renew()).toBe(true);
    expect(await readdir(path.join(folder, 'leases'))).toEqual(['0000007']);
  });

  it('stay with a worker that renews them', async () => {
    const folder = await temporaryFolder();
    const leases = leasesOf(folder);
    const lease = await leases.take('0000007');
    await utimes(path.join(folder, 'leases', '0000007'), old, old);
    expect(await lease?.renew()).toBe(true);
    expect(await leases.take('0000007')).toBeUndefined();
  });

  it('are released by a second try when the disk failed at the first', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'leases', '0000007');
    const lease = await leasesOf(folder).take('0000007');
    // A link to itself cannot be looked at.
    await rename(file, `${file}-away`);
    await symlink(file, file);
    await expect(lease?.release()).rejects.toMatchObject({ code: 'ELOOP' });
    await rename(`${file}-away`, file);
    await lease?.release();
    expect(await readdir(path.join(folder, 'leases'))).toEqual([]);
  });

  it('count every loss, and none for a file that a killed worker left empty', async () => {
    const folder = await temporaryFolder();
    const leases = leasesOf(folder);
    const file = path.join(folder, 'leases', '0000007');
    await leases.take('0000007');
    for (const losses of [1, 2, 3]) {
      await utimes(file, old, old);
      expect((await leases.take('0000007'))?.losses).toBe(losses);
    }
    await writeFile(file, '');
    await utimes(file, old, old);
    expect((await leases.take('0000007'))?.losses).toBe(1);
  });
});

describe('PatientStore', () => {
  it('waits for a store that fails, and tells of the outage once', async () => {
    const store = new FolderStore(await temporaryFolder());
    let failures = 2;
    const write = store.write.bind(store);
    store.write = async (key, content) => {
      if (failures-- > 0) throw new Error('ENOSPC: no space left on device');
      await write(key, content);
    };
    const told: string[] = [];
    const events = {
      outageBegan: (_: string, problem: string) => void told.push(problem),
      outageEnded: () => void told.push('ended'),
    };
    await new PatientStore(store, events, new AbortController().signal).write('a', 'b');
    expect(told).toEqual(['ENOSPC: no space left on device', 'ended']);
    expect((await store.read('a'))?.toString()).toBe('b');
  });

  it('gives up when the run is stopped', async () => {
    const store = new FolderStore(await temporaryFolder());
    store.read = () => Promise.reject(new Error('EIO'));
    const stop = new AbortController();
    const events = { outageBegan: () => stop.abort(), outageEnded: () => undefined };
    await expect(new PatientStore(store, events, stop.signal).read('a')).rejects.toThrow();
  });
});
