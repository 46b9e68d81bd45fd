import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Plan, planRun } from '../../../src/runtime/batch/plan/plan.js';
import { unitsOf } from '../../../src/runtime/batch/plan/units.js';
import type { Run } from '../../../src/runtime/batch/plan/run.js';
import { follow, putMissing } from '../../../src/runtime/batch/queue/follow.js';
import { SharedReader } from '../../../src/runtime/batch/queue/shared-reader.js';
import type { Broker } from '../../../src/runtime/broker/broker.js';
import { jobIdOf, UnitQueue } from '../../../src/runtime/batch/queue/unit-queue.js';
import { failedLine } from '../../../src/runtime/batch/results/result-line.js';
import { Results } from '../../../src/runtime/batch/results/results.js';
import { FolderSource } from '../../../src/runtime/batch/source/folder-source.js';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import { identity, StubReader, temporaryFolder, writePictures } from './helpers.js';

/** A queue that forgets when it is told to. */
class MemoryQueue implements Pick<UnitQueue, 'put' | 'absent' | 'failed' | 'forget'> {
  readonly jobs = new Map<number, 'waiting' | 'failed'>();
  readonly put = (_place: string, _run: Run, units: readonly number[]): Promise<void> => {
    for (const unit of units) if (!this.jobs.has(unit)) this.jobs.set(unit, 'waiting');
    return Promise.resolve();
  };
  readonly absent = (_run: Run, units: readonly number[]): Promise<number[]> =>
    Promise.resolve(units.filter((unit) => !this.jobs.has(unit)));
  readonly failed = (): Promise<{ unit: number; reason: string }[]> =>
    Promise.resolve(
      [...this.jobs].flatMap(([unit, state]) => (state === 'failed' ? [{ unit, reason: 'stalled' }] : [])),
    );
  readonly forget = (_run: Run, units: readonly number[]): Promise<void> => {
    for (const unit of units) this.jobs.delete(unit);
    return Promise.resolve();
  };
}

async function planned(pictures: number) {
  const folder = await temporaryFolder();
  await writePictures(path.join(folder, 'in'), pictures);
  const out = path.join(folder, 'out');
  const store = new FolderStore(out);
  const source = await FolderSource.open(path.join(folder, 'in'), out);
  const planning = { counting: { pages: undefined }, events: { planned: () => undefined } };
  const run = { ...(await planRun(store, source, identity, planning)), unitPages: 32 as const };
  const plan = new Plan(store, run);
  const results = new Results(store);
  const memory = new MemoryQueue();
  const read = async (unit: number): Promise<void> => {
    const lines = (await plan.unit(unit)).map((reference) => failedLine(reference, { code: 'x', message: 'y' }));
    await results.write(unit, lines);
    memory.jobs.delete(unit);
  };
  return { run, results, memory, read, queued: { place: out, run, results, queue: memory as unknown as UnitQueue } };
}

const times = { pollMs: 5, checkMs: 5 };
const unstopped = new AbortController().signal;

it('puts in the units without a result, and those that were given up before', async () => {
  const { memory, read, queued } = await planned(32 * 5);
  await read(1);
  memory.jobs.set(3, 'failed');
  expect(await putMissing(queued)).toBe(4);
  expect([...memory.jobs].sort()).toEqual([0, 2, 3, 4].map((unit) => [unit, 'waiting']));
});

it('puts in again what the broker has lost, and ends when each unit has a result', async () => {
  const { run, memory, read, queued } = await planned(32 * 200);
  await putMissing(queued);
  // Loses all, then a part.
  memory.jobs.clear();
  const put: number[] = [];
  let reading = Promise.resolve();
  const given = await follow(
    queued,
    {
      unitsPut: (units) => {
        put.push(units);
        if (put.length === 1) for (let unit = 50; unit < 150; unit++) memory.jobs.delete(unit);
        else reading = Promise.all(Array.from({ length: unitsOf(run) }, (_, unit) => read(unit))).then(() => undefined);
      },
      unitsDone: () => Promise.resolve(),
    },
    unstopped,
    times,
  );
  await reading;
  expect([put, given]).toEqual([[200, 200], []]);
});

it('ends when only units are left that were given up, with the reasons', async () => {
  const { memory, read, queued } = await planned(32 * 3);
  await putMissing(queued);
  await read(0);
  await read(2);
  memory.jobs.set(1, 'failed');
  const events = { unitsPut: () => undefined, unitsDone: () => Promise.resolve() };
  expect(await follow(queued, events, unstopped, times)).toEqual([{ unit: 1, reason: 'stalled' }]);
});

it('waits for a broker that refuses calls, and tells why; only depth fails', async () => {
  const { run } = await planned(32 * 3);
  let failures = 3;
  const call =
    <T>(answer: T) =>
    (): Promise<T> =>
      failures-- > 0 ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve(answer);
  const bull = {
    on: () => undefined,
    close: () => Promise.resolve(),
    addBulk: call([]),
    getJob: call(undefined),
    getFailed: call([]),
    remove: call(0),
    getJobCounts: () => Promise.reject(new Error('connect ECONNREFUSED')),
  };
  let isAway = true;
  const opened = () => {
    if (!isAway) return Promise.resolve(bull);
    isAway = false;
    return Promise.reject(new Error('connect ECONNREFUSED'));
  };
  const broker = { place: { name: 'postgres://db/ocrhub' }, queue: opened };
  const queue = new UnitQueue(broker as unknown as Broker);
  const problems: string[] = [];
  queue.onProblem((problem) => problems.push(problem));
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const calls = (async () => {
    await queue.put('/out', run, [0]);
    failures = 1;
    const absent = await queue.absent(run, [0, 1]);
    failures = 1;
    const failed = await queue.failed(run);
    failures = 1;
    await queue.forget(run, [2]);
    return { absent, failed };
  })();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await calls).toEqual({ absent: [0, 1], failed: [] });
  expect(problems).toEqual(Array.from({ length: 7 }, () => 'connect ECONNREFUSED'));
  await expect(queue.depth()).rejects.toThrow('ECONNREFUSED');
  failures = 1;
  await queue.close();
  await expect(queue.failed(run)).rejects.toThrow('ECONNREFUSED');
});

it('names a job by its plan and unit, without a colon, so that runs of one queue do not meet', () => {
  expect(jobIdOf({ plan: 'plan-1' }, 7)).toMatch(/^[\da-f]{12}-u0000007$/);
  expect(jobIdOf({ plan: 'plan-1' }, 7)).not.toBe(jobIdOf({ plan: 'plan-2' }, 7));
});

it('starts a reader for each kind of run, one at a time, when the units of the other are finished', async () => {
  const events: string[] = [];
  const shared = new SharedReader();
  let finishFirst: () => void = () => undefined;
  const start = (name: string) => (): Promise<StubReader & { close(): void }> => {
    events.push(`start ${name}`);
    return Promise.resolve(Object.assign(new StubReader(), { close: () => events.push(`close ${name}`) }));
  };
  const unit = (key: string, name: string, wait: Promise<void>): Promise<void> =>
    shared.use(key, start(key), async () => {
      events.push(`begin ${name}`);
      await wait;
      events.push(`end ${name}`);
    });
  const first = unit('a', 'a1', new Promise((resolve) => (finishFirst = resolve)));
  const others = [
    unit('a', 'a2', Promise.resolve()),
    unit('b', 'b1', Promise.resolve()),
    unit('a', 'a3', Promise.resolve()),
  ];
  await others[0];
  finishFirst();
  await Promise.all([first, ...others]);
  expect(events).toEqual([
    ...['start a', 'begin a1', 'begin a2', 'end a2', 'end a1', 'close a'],
    ...['start b', 'begin b1', 'end b1', 'close b', 'start a', 'begin a3', 'end a3'],
  ]);
});

it('a reader that cannot be started leaves room for the next one', async () => {
  const shared = new SharedReader();
  const fail = (): Promise<never> => Promise.reject(new Error('no module'));
  await expect(shared.use('a', fail, () => Promise.resolve())).rejects.toThrow('no module');
  const start = () => Promise.resolve(Object.assign(new StubReader(), { close: () => undefined }));
  expect(await shared.use('a', start, () => Promise.resolve(1))).toBe(1);
});
