import path from 'node:path';
import { root } from '../lib/ocrhub.js';

/** The bundle that bench/run.js makes of bench/workers/NAME.ts. */
export function workerFile(name: string): string {
  return path.join(root, 'bench', 'out', 'workers', `${name}.js`);
}
