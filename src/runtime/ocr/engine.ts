import { configureDecoding } from '../image/decode.js';
import { configureInference, type EngineOptions } from '../inference/engine.js';

/**
 * Sets how this process computes, before its models are loaded. The process that hosts the modules calls it;
 * modules do not.
 */
export function configureEngine(options: EngineOptions): void {
  configureInference(options);
  configureDecoding(options);
}
