/** How this process runs networks. */
export interface EngineOptions {
  /** Threads that may compute at once. */
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

/** The engine's options; reading them fixes the default, one thread. */
export function engineOptions(): EngineOptions {
  settled ??= Object.freeze({ threads: 1 });
  return settled;
}

let settled: EngineOptions | undefined;
