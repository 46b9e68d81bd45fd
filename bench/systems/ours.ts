import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { OcrhubArguments } from '../workers/ocrhub-pipeline.js';
import type { System } from './system.js';
import { workerFile } from './worker-file.js';

interface Row extends OcrhubArguments {
  readonly name: string;
}

const rows: readonly Row[] = [
  { name: 'ocrhub', params: {}, threads: 1 },
  { name: 'ocrhub, two threads', params: {}, threads: 2 },
  { name: 'ocrhub accurate', params: { setting: 'accurate' }, threads: 1 },
  { name: 'ocrhub fast', params: { setting: 'fast' }, threads: 1 },
  { name: 'ocrhub in f32', params: { precision: 'f32' }, threads: 1 },
];

/** ocrhub's pipeline in one process, without a server. */
export const ours: readonly System[] = rows.map((row) => ({
  name: row.name,
  isOurs: true,
  install: () => ocrhubCommand(row),
}));

/** The default of another checkout, with the worker of this one, so that both are measured alike. */
export function otherCheckout(folder: string): System {
  const worker = path.join(folder, 'bench', 'out', 'workers', 'ocrhub.js');
  return {
    name: `ocrhub in ${folder}`,
    isOurs: true,
    install: () => {
      // The worker imports "ocrhub" by name, which is the package of the folder that it lies in.
      mkdirSync(path.dirname(worker), { recursive: true });
      copyFileSync(workerFile('ocrhub'), worker);
      return [process.execPath, worker, JSON.stringify({ params: {}, threads: 1 })];
    },
  };
}

export function ocrhubCommand(
  { params, threads }: OcrhubArguments,
  worker: 'ocrhub' | 'ocrhub-stages' = 'ocrhub',
): string[] {
  return [process.execPath, workerFile(worker), JSON.stringify({ params, threads })];
}
