import { AsyncLocalStorage } from 'node:async_hooks';

/** The stages of reading a picture. Cutting lines out belongs to the stage that needs them. */
export const stageNames = ['decode', 'detect', 'classify', 'recognize'] as const;

export type Stage = (typeof stageNames)[number];

/** Milliseconds spent in each stage. */
export type StageTimes = Readonly<Record<Stage, number>>;

/**
 * The times under the names that clients see. `recognise` is the name of `recognize` in version 0.1; clients get both
 * until 0.3 (docs/decisions/0016).
 */
export function withOldStageNames(stages: StageTimes): Readonly<Record<string, number>> {
  return { ...stages, recognise: stages.recognize };
}

/** Zero for each stage. */
export function noTime(): Record<Stage, number> {
  return { decode: 0, detect: 0, classify: 0, recognize: 0 };
}

/** Runs a task and answers its result and the time of each stage in it. Concurrent tasks are kept apart. */
export async function collectStages<T>(task: () => Promise<T>): Promise<{ result: T; stages: StageTimes }> {
  const stages = noTime();
  const result = await collecting.run({ stages }, task);
  return { result, stages };
}

/**
 * Adds the time of `work` to its stage, inside `collectStages`. A stage inside itself counts once: a pipeline measures its
 * parts, which may be objects of your own, and the stock parts measure themselves when they are used alone.
 * `recognise`, the name of version 0.1, counts as `recognize` until 0.3.
 */
export async function measure<T>(name: Stage | 'recognise', work: () => Promise<T>): Promise<T> {
  const stage = name === 'recognise' ? 'recognize' : name;
  const outer = collecting.getStore();
  if (outer === undefined || outer.running === stage) return work();
  const start = performance.now();
  try {
    return await collecting.run({ stages: outer.stages, running: stage }, work);
  } finally {
    outer.stages[stage] += performance.now() - start;
  }
}

interface Collection {
  readonly stages: Record<Stage, number>;
  readonly running?: Stage;
}

const collecting = new AsyncLocalStorage<Collection>();
