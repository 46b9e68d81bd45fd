import { AsyncLocalStorage } from 'node:async_hooks';

/** The parts of reading a picture: crops and the rest belong to the stage that needs them. */
export const stageNames = ['decode', 'detect', 'classify', 'recognise'] as const;

export type Stage = (typeof stageNames)[number];

/** Milliseconds spent in each stage. */
export type StageTimes = Readonly<Record<Stage, number>>;

/** The times of what has not begun. */
export function noTime(): Record<Stage, number> {
  return { decode: 0, detect: 0, classify: 0, recognise: 0 };
}

/** Runs a task and answers, beside its result, how long each stage took in it. Tasks do not mix. */
export async function collectStages<T>(task: () => Promise<T>): Promise<{ result: T; stages: StageTimes }> {
  const stages = noTime();
  const result = await collecting.run({ stages }, task);
  return { result, stages };
}

/** Adds the time of `work` to its stage, where a task collects; a stage inside itself counts once. */
export async function measure<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
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
