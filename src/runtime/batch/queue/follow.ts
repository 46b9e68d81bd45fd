import { setTimeout as sleep } from 'node:timers/promises';
import { unitsOf } from '../plan/units.js';
import type { Run } from '../plan/run.js';
import type { Results } from '../results/results.js';
import type { FailedUnit, UnitQueue } from './unit-queue.js';

/** A run in a queue. */
export interface QueuedRun {
  /** The store of the run, as workers open it. */
  readonly place: string;
  readonly run: Run;
  readonly results: Results;
  readonly queue: UnitQueue;
}

export interface FollowEvents {
  /** Units were put in: at the start, and when the broker has lost some. */
  unitsPut(units: number): void;
  /** The units that have a result. */
  unitsDone(done: ReadonlySet<number>): Promise<void>;
}

interface FollowTimes {
  readonly pollMs?: number;
  readonly checkMs?: number;
}

/** Units that are looked for in the queue at a time. A loss takes many units with it, so that a few tell. */
const sampleSize = 64;

/**
 * Puts in the units that have no result and are not in the queue. Those that were given up come again.
 *
 * @returns how many have no result
 */
export async function putMissing({ place, run, results, queue }: QueuedRun): Promise<number> {
  const failed = await queue.failed(run);
  const missing = await missingOf(run, results);
  const again = failed.map(({ unit }) => unit);
  await queue.forget(run, again);
  await queue.put(place, run, missing);
  return missing.length;
}

/**
 * Resolves when each unit has a result, or `signal` is aborted, or only units are left that were given up; these are returned. Puts
 * in again what the broker loses meanwhile.
 */
export async function follow(
  queued: QueuedRun,
  events: FollowEvents,
  signal: AbortSignal,
  { pollMs = 2000, checkMs = 10_000 }: FollowTimes = {},
): Promise<readonly FailedUnit[]> {
  const { run, results } = queued;
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  let given: readonly FailedUnit[] = [];
  const checking = (async () => {
    while (await pause(checkMs, stop)) {
      given = await checkQueue(queued, events);
      if (given.length > 0) ended.abort();
    }
  })();
  checking.catch((error: unknown) => ended.abort(error));
  for (;;) {
    const start = performance.now();
    const done = await results.done();
    await events.unitsDone(done);
    if (done.size >= unitsOf(run)) break;
    // Lists of results are long: most of the time is left to others.
    if (!(await pause(Math.max(pollMs, 10 * (performance.now() - start)), stop))) break;
  }
  ended.abort();
  // A broker that is away would keep this from ending.
  await Promise.race([checking, sleep(pollMs)]);
  return given;
}

/** The units that were given up, if no others are left. */
async function checkQueue(queued: QueuedRun, events: FollowEvents): Promise<readonly FailedUnit[]> {
  const { place, run, results, queue } = queued;
  const missing = await missingOf(run, results);
  const absent = await queue.absent(run, sampleOf(missing));
  const lost: number[] = [];
  // A unit leaves the queue when it has a result.
  for (const unit of absent) if (!(await results.has(unit))) lost.push(unit);
  if (lost.length > 0) {
    const left = await missingOf(run, results);
    await queue.put(place, run, left);
    events.unitsPut(left.length);
    return [];
  }
  const failed = await queue.failed(run);
  const given = new Set(failed.map(({ unit }) => unit));
  const left = await missingOf(run, results);
  return left.length > 0 && left.every((unit) => given.has(unit)) ? failed : [];
}

async function missingOf(run: Run, results: Results): Promise<number[]> {
  const done = await results.done();
  return Array.from({ length: unitsOf(run) }, (_, unit) => unit).filter((unit) => !done.has(unit));
}

/** From everywhere, so that the loss of a part is seen too. */
function sampleOf(units: readonly number[]): number[] {
  if (units.length <= sampleSize) return [...units];
  const step = units.length / sampleSize;
  const start = Math.random() * step;
  return Array.from({ length: sampleSize }, (_, i) => units[Math.floor(start + i * step)] ?? 0);
}

/** False if the signal was aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
