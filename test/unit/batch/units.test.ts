import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Claim, Claims } from '../../../src/runtime/batch/claims/claims.js';
import { LeaseClaims } from '../../../src/runtime/batch/claims/lease-claims.js';
import { ShardClaims } from '../../../src/runtime/batch/claims/shard-claims.js';
import { Plan, planRun } from '../../../src/runtime/batch/plan/plan.js';
import { openRun } from '../../../src/runtime/batch/plan/run.js';
import { pagesOfUnit, unitPagesFor, unitsOf } from '../../../src/runtime/batch/plan/units.js';
import { linesOf } from '../../../src/runtime/batch/results/merge.js';
import { Results } from '../../../src/runtime/batch/results/results.js';
import { FolderSource } from '../../../src/runtime/batch/source/folder-source.js';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import { Slots } from '../../../src/runtime/batch/work/slots.js';
import { work } from '../../../src/runtime/batch/work/work.js';
import { identity, noEvents, StubReader, temporaryFolder, writePictures } from './helpers.js';

const planning = { counting: { pages: undefined }, events: { planned: () => undefined } };
const unstopped = new AbortController().signal;

describe('the units of a run', () => {
  it.each([
    [0, 2, 0],
    [1, 2, 1],
    [100, 2, 50],
    [200, 2, 100],
    [256, 4, 64],
    [1000, 8, 125],
    [2047, 16, 128],
    [2048, 32, 64],
    [1_000_000, 32, 31_250],
  ])('of %i pages have %i each, and are %i', (pages, size, count) => {
    const run = { pages, unitPages: unitPagesFor(pages) };
    expect([run.unitPages, unitsOf(run)]).toEqual([size, count]);
    const sizes = Array.from({ length: Math.min(count, 3000) }, (_, unit) => pagesOfUnit(run, unit));
    if (count <= 3000) expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(pages);
  });

  it('have 32 pages in a run that does not say, and such a run goes on', async () => {
    const { store, source } = await pictures(70);
    const run = await planRun(store, source, identity, planning);
    const { unitPages, ...older } = run;
    expect(unitPages).toBe(2);
    await store.write('run.json', JSON.stringify(older));
    const joined = await planRun(store, source, identity, planning);
    expect(joined).toEqual(older);
    expect(unitsOf(joined)).toBe(3);
    const results = new Results(store);
    const claims = new LeaseClaims(store, results, { units: unitsOf(joined) });
    const reader = new StubReader();
    await work({ plan: new Plan(store, joined), results, claims, source, reader, events: noEvents }, unstopped);
    expect([...(await results.done())]).toEqual([0, 1, 2]);
    expect(reader.asked).toHaveLength(70);
  });

  it('are those of the own plan if the store made the run, lost its answer and refused the second try', async () => {
    const { store, source } = await pictures(3);
    const create = store.create.bind(store);
    store.create = async (key, content) => (await create(key, content)) && create(key, content);
    const run = await planRun(store, source, identity, planning);
    expect(await new Plan(store, run).unit(0)).toHaveLength(pagesOfUnit(run, 0));
    expect(await openRun(store)).toEqual(run);
  });

  it.each([0, 3, 64, '32'])('are refused with a size of %s, which no version has written', async (unitPages) => {
    const { store, source } = await pictures(3);
    const run = await planRun(store, source, identity, planning);
    await store.write('run.json', JSON.stringify({ ...run, unitPages }));
    await expect(openRun(store)).rejects.toThrow(/run\.json: unitPages/);
  });

  it.each([3, 100, 300, 5000])('hold each of %i pages once, in the order of the plan', async (count) => {
    const { store } = await pictures(0);
    const source = {
      name: 'list',
      list: async function* () {
        for (let i = 0; i < count; i++) yield await Promise.resolve({ src: `${i}.png`, stamp: '1' });
      },
      head: () => Promise.resolve(undefined),
      read: () => Promise.reject(new Error('not read here')),
    };
    const run = await planRun(store, source, identity, planning);
    const plan = new Plan(store, run);
    const names: string[] = [];
    for (let unit = 0; unit < unitsOf(run); unit++) names.push(...(await plan.unit(unit)).map(({ src }) => src));
    expect(names).toEqual(Array.from({ length: count }, (_, i) => `${i}.png`));
  });
});

async function pictures(count: number): Promise<{ store: FolderStore; source: FolderSource }> {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'out');
  await writePictures(path.join(folder, 'in'), count);
  return { store: new FolderStore(out), source: await FolderSource.open(path.join(folder, 'in'), out) };
}

/** A worker of one process that reads a page in each tick of a clock, and waits for the tick of all workers. */
function slowReaders(count: number): { readers: StubReader[]; finish: (work: Promise<unknown>) => Promise<number> } {
  const waiting: (() => void)[] = [];
  const readers = Array.from({ length: count }, () => new OneAtATime(waiting));
  return {
    readers,
    finish: async (all) => {
      const end = new AbortController();
      let ticks = 0;
      void all.finally(() => end.abort());
      while (!end.signal.aborted) {
        // Claims and results are files; pages are read when nothing else happens.
        for (let idle = 0, seen = -1; idle < 5; idle = waiting.length === seen ? idle + 1 : 0) {
          seen = waiting.length;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const ready = waiting.splice(0);
        if (ready.length > 0) ticks++;
        for (const read of ready) read();
      }
      return ticks;
    },
  };
}

class OneAtATime extends StubReader {
  override readonly parallel: number = 1;

  constructor(waiting: (() => void)[]) {
    let turn: Promise<void> = Promise.resolve();
    super(() => {
      turn = turn.then(() => new Promise<void>((resolve) => void waiting.push(resolve)));
      return turn;
    });
  }
}

describe('the shares of workers', () => {
  it.each([40, 100])(
    'are even: two workers read %i pages in little more than half of the time of one',
    async (count) => {
      const { store, source } = await pictures(count);
      const run = await planRun(store, source, identity, planning);
      const results = new Results(store);
      const { readers, finish } = slowReaders(2);
      const ticks = await finish(
        Promise.all(
          readers.map((reader, i) => {
            const claims = new LeaseClaims(store, results, { units: unitsOf(run), start: i / 2 });
            return work({ plan: new Plan(store, run), results, claims, source, reader, events: noEvents }, unstopped);
          }),
        ),
      );
      // A worker may have a page in work and a unit that waits when the other one finds nothing more.
      expect(ticks).toBeGreaterThanOrEqual(count / 2);
      expect(ticks).toBeLessThanOrEqual(count / 2 + 3);
      expect(readers.flatMap(({ asked }) => asked)).toHaveLength(count);
      const lines: string[] = [];
      for await (const { src } of linesOf(store, run)) lines.push(src);
      expect(lines).toHaveLength(count);
    },
    60_000,
  );

  it('of shards differ by a unit at most', async () => {
    const { store, source } = await pictures(101);
    const run = await planRun(store, source, identity, planning);
    const results = new Results(store);
    const shares: number[] = [];
    for (const index of [1, 2, 3]) {
      const reader = new StubReader();
      const claims = new ShardClaims(results, unitsOf(run), { index, count: 3 });
      await work({ plan: new Plan(store, run), results, claims, source, reader, events: noEvents }, unstopped);
      shares.push(reader.asked.length);
    }
    expect(shares).toEqual([34, 34, 33]);
  });
});

it('a worker claims the next unit when no page of the last one waits, also with many processes', async () => {
  const { store, source } = await pictures(64);
  const run = await planRun(store, source, identity, planning);
  const results = new Results(store);
  let [claimed, released] = [0, 0];
  const claims: Claims = {
    next: () => {
      if (claimed === unitsOf(run)) return Promise.resolve(undefined);
      const claim: Claim = {
        unit: claimed++,
        losses: 0,
        lost: new AbortController().signal,
        release: () => {
          released++;
          return Promise.resolve();
        },
      };
      return Promise.resolve(claim);
    },
  };
  const finish: (() => void)[] = [];
  const reader = new StubReader(() => new Promise<void>((resolve) => void finish.push(resolve)));
  const working = work({ plan: new Plan(store, run), results, claims, source, reader, events: noEvents }, unstopped);
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
  await settled();
  // Four processes and a page more: two units of two pages, and one whose second page waits.
  expect([finish.length, claimed, released]).toEqual([5, 3, 0]);
  for (let read = 0; read < 64;) {
    for (const resolve of finish.splice(0)) {
      read++;
      resolve();
    }
    await settled();
    // Five pages in work, and a unit that waits.
    expect(2 * claimed - read).toBeLessThanOrEqual(5 + 2);
  }
  await working;
  expect(await results.done()).toHaveProperty('size', 32);
});

it('documents fill all processes, and leave room for one more', async () => {
  const slots = new Slots(4, 1000);
  const begun: string[] = [];
  const end = new Map<string, () => void>();
  const run = (name: string, pages: number): Promise<void> =>
    slots.run(pages, () => {
      begun.push(name);
      return new Promise((resolve) => end.set(name, resolve));
    });
  const all = [run('a', 32), run('b', 32), run('c', 1), run('d', 1)];
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  end.get('a')?.();
  await all[0];
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const name of ['b', 'c']) end.get(name)?.();
  await Promise.all([all[1], all[2]]);
  await new Promise((resolve) => setImmediate(resolve));
  end.get('d')?.();
  await Promise.all(all);
});

it('fills all processes when a document ends', async () => {
  const slots = new Slots(4, 1000);
  const begun: string[] = [];
  const end = new Map<string, () => void>();
  const run = (name: string, pages: number): Promise<void> =>
    slots.run(pages, () => {
      begun.push(name);
      return new Promise((resolve) => end.set(name, resolve));
    });
  const document = run('document', 32);
  const pictures = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => run(name, 1));
  await Promise.resolve();
  expect(begun).toEqual(['document', 'a']);
  end.get('document')?.();
  await document;
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['document', 'a', 'b', 'c', 'd', 'e']);
  end.get('a')?.();
  await pictures[0];
  await new Promise((resolve) => setImmediate(resolve));
  for (const name of ['b', 'c', 'd', 'e', 'f']) end.get(name)?.();
  await Promise.all(pictures);
});
