import path from 'node:path';
import { ocrhubCommand } from '../systems/ours.js';
import { rivals } from '../systems/rivals.js';
import type { System } from '../systems/system.js';
import { workerFile } from '../systems/worker-file.js';

const settings = {
  ocrhub: {},
  'ocrhub f32': { precision: 'f32' },
  'ocrhub accurate': { setting: 'accurate' },
  'ocrhub reference': { setting: 'reference' },
} as const;

const ours = Object.entries(settings).map(([name, params]): System => ({
  name,
  isOurs: true,
  install: () => ocrhubCommand({ params, threads: 1 }),
}));

/**
 * ocrhub with its settings, and its rivals with models of the same size.
 *
 * @param earlier a built checkout of another version, read beside them
 */
export function comparedSystems(earlier: string | undefined): System[] {
  const before = earlier === undefined ? [] : [checkout(path.resolve(earlier))];
  return [...ours, ...before, ...rivals.filter(({ name }) => !name.includes('tiny'))];
}

function checkout(folder: string): System {
  const command = [process.execPath, workerFile('ocrhub-checkout'), folder];
  return { name: `ocrhub at ${path.basename(folder)}`, isOurs: true, install: () => command };
}
