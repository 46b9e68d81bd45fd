import { rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LeaseClaims } from '../../../src/runtime/batch/claims/lease-claims.js';
import { parseShard } from '../../../src/runtime/batch/claims/shard.js';
import { ShardClaims } from '../../../src/runtime/batch/claims/shard-claims.js';
import { filesOf, linesOf } from '../../../src/runtime/batch/results/merge.js';
import { Plan, planRun } from '../../../src/runtime/batch/plan/plan.js';
import { unitsOf } from '../../../src/runtime/batch/plan/units.js';
import type { Reader } from '../../../src/runtime/batch/work/reader.js';
import { failedLine, type ResultLine } from '../../../src/runtime/batch/results/result-line.js';
import { Results } from '../../../src/runtime/batch/results/results.js';
import { retryFailed } from '../../../src/runtime/batch/results/retry.js';
import type { Run } from '../../../src/runtime/batch/plan/run.js';
import { FolderSource } from '../../../src/runtime/batch/source/folder-source.js';
import { statusOf } from '../../../src/runtime/batch/results/status.js';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import { slotsFor, work, workUnit } from '../../../src/runtime/batch/work/work.js';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { identity, noEvents, StubReader, temporaryFolder, writePictures } from './helpers.js';

const planning = { counting: { pages: undefined }, events: { planned: () => undefined } };

interface Setting {
  readonly folder: string;
  readonly out: string;
  readonly store: FolderStore;
  readonly source: FolderSource;
  readonly run: Run;
}

async function planned(pictures: number, leaseMs?: number): Promise<Setting> {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'out');
  await writePictures(path.join(folder, 'in'), pictures);
  const store = new FolderStore(out, leaseMs);
  const source = await FolderSource.open(path.join(folder, 'in'), out);
  // A plan can be read in units of any size; that of a small run is small.
  const run = { ...(await planRun(store, source, identity, planning)), unitPages: 32 as const };
  return { folder, out, store, source, run };
}

function start({ store, source, run }: Setting, reader: Reader, signal = new AbortController().signal): Promise<void> {
  const results = new Results(store);
  const claims = new LeaseClaims(store, results, { units: unitsOf(run) });
  return work({ plan: new Plan(store, run), results, claims, source, reader, events: noEvents }, signal);
}

async function allLines({ store, run }: Setting): Promise<ResultLine[]> {
  const lines: ResultLine[] = [];
  for await (const line of linesOf(store, run)) lines.push(line);
  return lines;
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `p${String(i).padStart(4, '0')}.png`);

it('each page of the plan gets one line, in the order of the plan, with three workers at once', async () => {
  const setting = await planned(200);
  const readers = [new StubReader(), new StubReader(), new StubReader()];
  await Promise.all(readers.map((reader) => start(setting, reader)));
  const lines = await allLines(setting);
  expect(lines.map(({ src }) => src)).toEqual(names(200));
  expect(lines.every((line, i) => line.status === 'ok' && line.result === String(i))).toBe(true);
  expect(readers.flatMap(({ asked }) => asked)).toHaveLength(200);
  expect(await setting.store.leases.held()).toEqual(new Set());
  expect(await statusOf(setting.store, setting.run)).toMatchObject({
    pages: 200,
    done: 200,
    failed: 0,
    finished: true,
  });
});

it('a stop keeps the pages that were read, and the next start reads the others alone', async () => {
  const setting = await planned(40);
  const stop = new AbortController();
  const first = new StubReader(async () => {
    if (first.asked.length >= 10) {
      stop.abort();
      await Promise.reject(new OcrHubError('client_gone', {}));
    }
  });
  await start(setting, first, stop.signal);
  expect(await statusOf(setting.store, setting.run)).toMatchObject({ finished: false, unitsHeld: 0 });
  const second = new StubReader();
  await start(setting, second);
  expect(second.asked.length).toBeLessThan(40);
  expect((await allLines(setting)).map(({ src }) => src)).toEqual(names(40));
});

it('a second run with another option is refused with both values', async () => {
  const { store, source } = await planned(3);
  const other = { ...identity, set: { drop_score: 0.7 } };
  await expect(planRun(store, source, other, planning)).rejects.toThrow(
    /set \{\}.*this command has \{"drop_score":0.7\}/,
  );
});

it('of ten planners at once one makes the run, and the others join it', async () => {
  const folder = await temporaryFolder();
  await writePictures(path.join(folder, 'in'), 5);
  const store = new FolderStore(path.join(folder, 'out'));
  const source = await FolderSource.open(path.join(folder, 'in'), path.join(folder, 'out'));
  const runs = await Promise.all(Array.from({ length: 10 }, () => planRun(store, source, identity, planning)));
  expect(new Set(runs.map(({ plan }) => plan)).size).toBe(1);
  expect(await new Plan(store, { ...(runs[0] as Run), unitPages: 32 }).unit(0)).toHaveLength(5);
});

describe('a page that fails', () => {
  it('is an error line with the reason, and its neighbors are read', async () => {
    const setting = await planned(5);
    await start(
      setting,
      new StubReader(({ name }) => {
        if (name === 'p0002.png') throw new OcrHubError('process_died', { end: 'SIGSEGV', times: 2 });
      }),
    );
    const lines = await allLines(setting);
    expect(lines.map(({ status }) => status)).toEqual(['ok', 'ok', 'error', 'ok', 'ok']);
    expect(lines[2]).toMatchObject({
      error: { code: 'process_died', message: expect.stringContaining('SIGSEGV') as string },
    });
    expect((await statusOf(setting.store, setting.run)).errors).toEqual({ process_died: 1 });
  });

  it('is read again after retry, and the others are not', async () => {
    const setting = await planned(5);
    await start(
      setting,
      new StubReader(({ name }) => {
        if (name !== 'p0001.png') throw new OcrHubError('image_unreadable', { reason: 'damaged' });
      }),
    );
    expect(await retryFailed(setting.store)).toEqual({ pages: 4, units: 1 });
    const again = new StubReader();
    await start(setting, again);
    expect(again.asked.sort()).toEqual(['p0000.png#1', 'p0002.png#1', 'p0003.png#1', 'p0004.png#1']);
    expect(await statusOf(setting.store, setting.run)).toMatchObject({ failed: 0, finished: true });
    expect(await retryFailed(setting.store)).toEqual({ pages: 0, units: 0 });
  });

  it('is read again after a retry that was killed at its last step, and the result then stays', async () => {
    const setting = await planned(5);
    await start(
      setting,
      new StubReader(({ name }) => {
        if (name !== 'p0001.png') throw new OcrHubError('image_unreadable', { reason: 'damaged' });
      }),
    );
    await retryFailed(setting.store);
    // The mark is removed last.
    await setting.store.write('failed/0000000', '');
    expect(await retryFailed(setting.store)).toEqual({ pages: 0, units: 0 });
    await start(setting, new StubReader());
    expect(await retryFailed(setting.store)).toEqual({ pages: 0, units: 0 });
    expect(await statusOf(setting.store, setting.run)).toMatchObject({ done: 5, failed: 0, finished: true });
  });

  it('is one that was removed, or changed, since the plan was made', async () => {
    const setting = await planned(3);
    await rm(path.join(setting.folder, 'in', 'p0000.png'));
    await writeFile(path.join(setting.folder, 'in', 'p0001.png'), 'something else');
    await start(setting, new StubReader());
    expect((await allLines(setting)).map((line) => (line.status === 'error' ? line.error.code : line.result))).toEqual([
      'file_not_found',
      'file_changed',
      '2',
    ]);
  });

  it('does not count while the processes are down', async () => {
    const setting = await planned(2);
    let failures = 2;
    await start(
      setting,
      new StubReader(() => {
        if (failures-- > 0) throw new OcrHubError('not_ready', { state: 'failed', reason: 'crashes' });
      }),
    );
    expect(await statusOf(setting.store, setting.run)).toMatchObject({ failed: 0, finished: true });
  });
});

describe('a worker that is lost', () => {
  it('leaves its unit to another one, which reads it once', async () => {
    const setting = await planned(40, 400);
    // Takes the first unit and is never heard of again.
    await new FolderStore(setting.out, 400).leases.take('0000000');
    await start(setting, new StubReader());
    expect((await allLines(setting)).map(({ src }) => src)).toEqual(names(40));
  });

  it('is found to be the fault of a page after three of them, and the neighbors are read', async () => {
    const setting = await planned(4, 200);
    const expire = async (): Promise<void> => {
      const old = new Date(Date.now() - 3_600_000);
      await utimes(path.join(setting.out, 'leases', '0000000'), old, old);
    };
    await setting.store.leases.take('0000000');
    const died = new Error('the worker was killed');
    // A killed worker writes nothing and releases nothing. Here it throws, and its lease is put back.
    for (let lost = 1; lost <= 5; lost++) {
      await expire();
      const lease = await setting.store.leases.take('0000000');
      const reader = new StubReader(({ name }) => {
        if (name === 'p0001.png') throw died;
      });
      const results = new Results(setting.store);
      const claim = {
        unit: 0,
        losses: lease?.losses ?? 0,
        lost: new AbortController().signal,
        release: () => Promise.resolve(),
      };
      let isTaken = false;
      const claims = {
        next: () => {
          const next = isTaken ? undefined : claim;
          isTaken = true;
          return Promise.resolve(next);
        },
      };
      const worker = {
        ...setting,
        plan: new Plan(setting.store, setting.run),
        results,
        claims,
        reader,
        events: noEvents,
      };
      await work(worker, new AbortController().signal).catch((error: unknown) => expect(error).toBe(died));
    }
    const lines = await allLines(setting);
    expect(lines.map(({ status }) => status)).toEqual(['ok', 'error', 'ok', 'ok']);
    expect(lines[1]).toMatchObject({ error: { message: '3 workers ended while they read this page' } });
  });
});

it('a page is not blamed for workers that were stopped in order while they read it', async () => {
  const setting = await planned(3, 200);
  const results = new Results(setting.store);
  const plan = new Plan(setting.store, setting.run);
  for (let stops = 0; stops < 5; stops++) {
    const stop = new AbortController();
    const reader = new StubReader(({ name }) => {
      if (name !== 'p0001.png') return;
      stop.abort();
      throw new OcrHubError('client_gone', {});
    });
    const claim = { unit: 0, losses: 2, lost: new AbortController().signal, release: () => Promise.resolve() };
    const run = { ...setting, plan, results, reader, events: noEvents };
    expect(await workUnit(run, claim, { slots: slotsFor(reader), stop: stop.signal })).toBe(false);
    expect((await results.kept(0)).map(({ status }) => status)).toEqual(['ok']);
  }
});

it('shards read all units together, and no unit twice', async () => {
  const setting = await planned(130);
  const results = new Results(setting.store);
  const readers = [1, 2, 3].map(() => new StubReader());
  for (const [i, reader] of readers.entries()) {
    const claims = new ShardClaims(results, unitsOf(setting.run), { index: i + 1, count: 3 });
    const parts = { plan: new Plan(setting.store, setting.run), results, claims, reader, events: noEvents };
    await work({ ...setting, ...parts }, new AbortController().signal);
  }
  expect((await allLines(setting)).map(({ src }) => src)).toEqual(names(130));
  expect(readers.flatMap(({ asked }) => asked)).toHaveLength(130);
});

it('a shard tells of its own units alone', async () => {
  const { store, run } = await planned(130);
  const [plan, results] = [new Plan(store, run), new Results(store)];
  const of = (index: number) => new ShardClaims(results, unitsOf(run), { index, count: 2 }).outcome();
  // Units 0, 2 and 4 are of the first shard. Unit 2 has errors.
  for (const unit of [0, 2, 4]) {
    const lines = (await plan.unit(unit)).map((reference) => failedLine(reference, { code: 'x', message: 'y' }));
    if (unit === 2) await results.write(unit, lines);
    else
      await results.write(
        unit,
        lines.map(({ id, src, page, ms }) => readLine({ id, src, page, ms })),
      );
  }
  expect([await of(1), await of(2)]).toEqual([
    { isRead: true, hasErrors: true },
    { isRead: false, hasErrors: false },
  ]);
});

const readLine = (page: { id: string; src: string; page: number; ms: number }): ResultLine => ({
  ...page,
  status: 'ok',
  width: 8,
  height: 8,
  result: [],
});

it.each(['0/8', '9/8', '1', 'a/b', '1/0', '-1/8'])('the shard %s is refused', (text) => {
  expect(() => parseShard(text)).toThrow(`--shard is "${text}": expected I/N`);
});

it('files of a merge have all their pages, and a file without a result is missing', async () => {
  const setting = await planned(33);
  const results = new Results(setting.store);
  const claims = new ShardClaims(results, 2, { index: 1, count: 2 });
  const parts = {
    plan: new Plan(setting.store, setting.run),
    results,
    claims,
    reader: new StubReader(),
    events: noEvents,
  };
  await work({ ...setting, ...parts }, new AbortController().signal);
  const files: string[] = [];
  let missing = 0;
  for await (const { src } of filesOf(setting.store, setting.run, (pages) => (missing += pages))) files.push(src);
  expect(files).toEqual(names(32));
  expect(missing).toBe(1);
});
