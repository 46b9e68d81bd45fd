import { row } from '../row.js';

/** Runs of `ocrhub batch`. */
export const batchErrors = {
  batch_missing: row<{ out: string }>({
    kind: 'missing',
    message: (d) => `There is no run in ${d.out}`,
    hint: (d) => `Start one: ocrhub batch INPUT ${d.out}`,
  }),
  batch_gone: row<{ out: string; file: string }>({
    kind: 'failed',
    message: (d) => `The run in ${d.out} is not there any more: ${d.file} was moved or removed, or its share is away`,
    hint: (d) => `Bring it back and give the same command again, or start a new run: ocrhub batch INPUT ${d.out}`,
  }),
  batch_differs: row<{ out: string; key: string; was: string; is: string }>({
    kind: 'conflict',
    message: (d) => `The run in ${d.out} was started with ${d.key} ${d.was}, and this command has ${d.is}`,
    hint: () => 'Give the same options to continue it, or name another output folder for a new run.',
  }),
  batch_damaged: row<{ file: string }>({
    kind: 'failed',
    message: (d) => `The plan of the run is damaged: ${d.file} is missing or cut off`,
    hint: () => 'Bring the file back, or start a new run in another output folder.',
  }),
  batch_unfinished: row<{ out: string; pages: number }>({
    kind: 'conflict',
    message: (d) => `The run in ${d.out} is not finished: ${d.pages} pages have no result yet`,
    hint: () => 'Finish it with the same ocrhub batch command, or merge what is there with --unfinished.',
  }),
  conditions_ignored: row<{ store: string }>({
    kind: 'failed',
    message: (d) => `${d.store} ignores conditional writes, so that several processes cannot share it`,
    hint: () => 'Use another store. ocrhub batch can do without: --shard 1/2, --shard 2/2.',
  }),
  run_needs: row<{ what: string; was: string; is: string }>({
    kind: 'missing',
    message: (d) => `The run was planned with ${d.what} ${d.was}, and this machine has ${d.is}`,
    hint: () => 'Install on this machine what the planner has: answers of one run are made in one way.',
  }),
  file_changed: row<{ file: string }>({
    kind: 'unreadable',
    message: (d) => `${d.file} has changed since the run was planned`,
    hint: () => 'Start a new run in another output folder to read it as it is now.',
  }),
} as const;
