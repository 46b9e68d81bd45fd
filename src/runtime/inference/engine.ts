import os from 'node:os';

/** How this process runs networks. */
export interface EngineOptions {
  /** Threads of one inference. */
  readonly threads: number;
}

/**
 * Sets the engine of this process, once, before the first model is opened.
 *
 * @throws Error when it is called again with another value, or after a session has been opened.
 */
export function configureInference(options: EngineOptions): void {
  if (settled !== undefined && settled.threads !== options.threads) {
    throw new Error(`the engine is already set to ${settled.threads} threads; it cannot change to ${options.threads}`);
  }
  settled = Object.freeze({ threads: options.threads });
}

/** The engine's options; reading them fixes the default, the cores this process may use. */
export function engineOptions(): EngineOptions {
  settled ??= Object.freeze({ threads: os.availableParallelism() });
  return settled;
}

let settled: EngineOptions | undefined;
