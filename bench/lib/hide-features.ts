import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './ocrhub.js';

/** What can be hidden from programs: AMX; or AMX, AVX-512 and VNNI, so that AVX2 is the best they find. */
export const hideable = ['amx', 'vnni'] as const;

export type Hideable = (typeof hideable)[number];

/**
 * Hides instructions of the processor from the processes that this one starts from now on. Linux on x64 with a C compiler
 * named cc.
 *
 * @throws Error if the compiler fails, or the processor cannot hide them
 */
export function hideFeatures(hidden: Hideable): void {
  const library = path.join(root, 'bench', 'out', 'hide-features.so');
  mkdirSync(path.dirname(library), { recursive: true });
  const source = path.join(root, 'bench', 'lib', 'hide-features.c');
  run('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  Object.assign(process.env, { HIDE_FEATURES: hidden, LD_PRELOAD: library });
  run(process.execPath, ['--version']);
}

function run(command: string, args: readonly string[]): void {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status === 97) throw new Error('this processor cannot hide its features: CPUID does not fault');
  if (status !== 0) throw new Error(`${command}: ${stderr.trim()}`);
}
