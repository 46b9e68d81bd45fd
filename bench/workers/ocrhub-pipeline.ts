import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemParams, withSetting, type SystemParams } from 'ocrhub';
import type * as Configure from '../../src/runtime/ocr/configure.js';
import { root } from '../lib/ocrhub.js';

/** The argument, as JSON, of a worker that runs ocrhub's pipeline. */
export interface OcrhubArguments {
  /** Parameters of `systemParams` that differ from their defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Threads of one inference. */
  readonly threads: number;
}

/** Sets the threads of the engine, as a process that hosts modules does, and returns the parameters. */
export async function configurePipeline(): Promise<{
  readonly params: SystemParams;
  /** Resolves when all threads have loaded the models. */
  readonly engineComplete: () => Promise<void>;
}> {
  const { params, threads } = JSON.parse(process.argv[2] ?? '') as OcrhubArguments;
  // Modules must not set threads, so "ocrhub" does not export this.
  const file = path.join(root, 'dist', 'runtime', 'ocr', 'configure.js');
  const { configureEngine, engineComplete } = (await import(pathToFileURL(file).href)) as typeof Configure;
  configureEngine({ threads });
  return { params: systemParams.parse(withSetting(systemParams, {}, params)), engineComplete };
}
