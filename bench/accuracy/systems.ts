import path from 'node:path';
import { parsedValue } from '../lib/parameters.js';
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
 * @param parameters such as `det_whole_pixels=true`; each makes one more system of ocrhub
 */
export function comparedSystems(earlier: string | undefined, parameters: readonly string[] = []): System[] {
  const before = earlier === undefined ? [] : [checkout(path.resolve(earlier))];
  return [...ours, ...parameters.map(withParameter), ...before, ...rivals.filter(({ name }) => !name.includes('tiny'))];
}

function withParameter(parameter: string): System {
  const [name = '', value = ''] = parameter.split('=', 2);
  const params = { [name]: parsedValue(value) };
  return { name: `ocrhub ${parameter}`, isOurs: true, install: () => ocrhubCommand({ params, threads: 1 }) };
}

function checkout(folder: string): System {
  const command = [process.execPath, workerFile('ocrhub-checkout'), folder];
  return { name: `ocrhub at ${path.basename(folder)}`, isOurs: true, install: () => command };
}
