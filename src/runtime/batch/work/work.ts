import { OcrHubError } from '../../errors/error.js';
import type { Claim, Claims } from '../claims/claims.js';
import type { Plan } from '../plan/plan.js';
import type { Reader } from './reader.js';
import type { Results } from '../results/results.js';
import { Slots } from './slots.js';
import type { Source } from '../source/source.js';
import type { WorkEvents } from './work-events.js';
import { readCarefully, readUnit, type UnitParts } from './unit.js';

export interface RunParts {
  readonly plan: Plan;
  readonly results: Results;
  readonly source: Source;
  readonly reader: Reader;
  readonly events: WorkEvents;
}

export interface Worker extends RunParts {
  readonly claims: Claims;
}

/** Bytes of files that are in memory at once; a single larger file is read alone. */
const maxBytesInWork = 256 * 1024 ** 2;

/** From this many lost workers on, a unit is read page by page, so that the page that ends workers is found. */
const carefulAfter = 2;

/**
 * Reads units until each has a result or `signal` is aborted. Then what was read of the units in work is kept, and they are
 * released. The next unit is claimed when the last pages of the one before are read: no unit waits here that another worker could
 * read.
 */
export async function work(worker: Worker, signal: AbortSignal): Promise<void> {
  const slots = slotsFor(worker.reader);
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const inWork = new Set<Promise<void>>();
  const fail = (error: unknown): void => {
    // A stop that was asked for is no failure.
    if (!signal.aborted || OcrHubError.is(error)) failed.abort(error);
  };
  const begin = (claim: Claim): Promise<void> =>
    new Promise((handedOut) => {
      const unit = workUnit(worker, claim, { slots, stop, handedOut })
        .then(() => undefined, fail)
        .finally(() => {
          inWork.delete(unit);
          handedOut();
        });
      inWork.add(unit);
    });
  const loop = async (): Promise<void> => {
    for (;;) {
      const claim = await worker.claims.next(stop);
      if (claim !== undefined) await begin(claim);
      else if (inWork.size > 0) await Promise.race(inWork);
      else return;
    }
  };
  await loop().catch(fail);
  await Promise.all(inWork);
  if (failed.signal.aborted) throw failed.signal.reason;
}

/** Room for the files of all units that a reader works on. */
export function slotsFor({ parallel }: Reader): Slots {
  return new Slots(parallel, maxBytesInWork);
}

interface UnitTurn {
  readonly slots: Slots;
  readonly stop: AbortSignal;
  /** See `UnitParts`. */
  readonly handedOut?: () => void;
}

/**
 * Reads a unit and releases it. When `stop` is aborted, what was read of it is kept.
 *
 * @returns whether the unit has a result now
 */
export async function workUnit(
  run: RunParts,
  claim: Claim,
  { slots, stop, handedOut = () => undefined }: UnitTurn,
): Promise<boolean> {
  const { plan, results, events } = run;
  const { unit, losses, lost } = claim;
  const parts: UnitParts = { ...run, unit, slots, lost, handedOut, signal: AbortSignal.any([stop, lost]) };
  try {
    const references = await plan.unit(unit);
    const kept = await results.kept(unit);
    // Another worker may have begun to read page by page.
    const isCareful = losses >= carefulAfter || kept.some(({ status }) => status === 'trying');
    const read = isCareful ? readCarefully : readUnit;
    const lines = await read(parts, references, kept);
    if (lines.length === references.length) {
      await results.write(unit, lines);
      events.unitDone(unit, lines);
      return true;
    }
    if (lost.aborted) {
      events.unitLost(unit);
    } else if (!isCareful && lines.length > 0) {
      await results.keep(unit, lines);
    }
    return false;
  } finally {
    await claim.release();
  }
}
