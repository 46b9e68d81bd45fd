import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { LeaseClaims } from '../../../src/runtime/batch/claims/lease-claims.js';
import { Results } from '../../../src/runtime/batch/results/results.js';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import { temporaryFolder } from './helpers.js';

/* Descriptors that an error leaves open: Node.js closes them one day and warns of it (DEP0137). */

const holder = vi.hoisted(() => ({ isBroken: false }));
vi.mock(import('../../../src/runtime/batch/store/holder.js'), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    thisHolder: () => (holder.isBroken ? Promise.reject(new Error('EMFILE')) : original.thisHolder()),
  };
});

function openBelow(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${fd}`);
      return file.startsWith(folder) ? [file] : [];
    } catch {
      return [];
    }
  });
}

const isLinux = process.platform === 'linux';

it.runIf(isLinux)('a lease that cannot be written is closed, and the next worker gets it', async () => {
  const folder = await temporaryFolder();
  const { leases } = new FolderStore(folder);
  holder.isBroken = true;
  await expect(leases.take('0000001')).rejects.toThrow('EMFILE');
  holder.isBroken = false;
  expect(openBelow(folder)).toEqual([]);
  const lease = await leases.take('0000001');
  expect(lease?.losses).toBe(0);
  await lease?.release();
  expect(openBelow(folder)).toEqual([]);
});

it.runIf(isLinux)('a lease that cannot be taken over is closed', async () => {
  const folder = await temporaryFolder();
  const { leases } = new FolderStore(folder);
  const first = await leases.take('0000001');
  const old = new Date(Date.now() - 3_600_000);
  await utimes(path.join(folder, 'leases', '0000001'), old, old);
  holder.isBroken = true;
  await expect(leases.take('0000001')).rejects.toThrow('EMFILE');
  holder.isBroken = false;
  await first?.release();
  expect(openBelow(folder)).toEqual([]);
});

it.runIf(isLinux)('a unit whose result cannot be looked for is given back', async () => {
  const folder = await temporaryFolder();
  const store = new FolderStore(folder);
  const results = new Results(store);
  results.has = () => Promise.reject(new Error('EIO'));
  await mkdir(path.join(folder, 'results'));
  const claims = new LeaseClaims(store, results, { units: 3 });
  await expect(claims.next(new AbortController().signal)).rejects.toThrow('EIO');
  expect(openBelow(folder)).toEqual([]);
  expect(await store.leases.held()).toEqual(new Set());
});
