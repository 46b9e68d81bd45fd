import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The installed package: the folder that holds package.json, models/ and src/modules/. */
export const packageRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Everything ocrhub writes lies below this folder. */
export interface Home {
  readonly root: string;
  readonly modules: string;
  readonly models: string;
  readonly serving: string;
  readonly logs: string;
}

/** `$OCRHUB_HOME`, or `.ocrhub` in the user's home folder. */
export function resolveHome(): Home {
  const root = path.resolve(process.env['OCRHUB_HOME'] ?? path.join(os.homedir(), '.ocrhub'));
  return Object.freeze({
    root,
    modules: path.join(root, 'modules'),
    models: path.join(root, 'models'),
    serving: path.join(root, 'serving'),
    logs: path.join(root, 'logs'),
  });
}

/** The GPUs that CUDA may use, as the user set them; undefined when not set. */
export function visibleGpus(): string | undefined {
  return process.env['CUDA_VISIBLE_DEVICES'];
}
