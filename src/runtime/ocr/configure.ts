import { configureDecoding } from '../image/decode.js';
import { configureInference, type EngineOptions } from '../inference/engine.js';
import { threadsJoined } from './recognize/threads.js';

/**
 * Sets how this process computes, before its models are loaded. The process that hosts the modules calls it;
 * modules do not.
 */
export function configureEngine(options: EngineOptions): void {
  configureInference(options);
  configureDecoding(options);
}

/** Resolves when all threads of this process work with the models that are open; until then one does. */
export async function engineComplete(): Promise<void> {
  await threadsJoined();
}
