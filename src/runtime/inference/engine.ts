/** How this process runs networks. */
export interface EngineOptions {
  /** Threads that may compute at once. */
  readonly threads: number;
  /** All threads but the first begin when this has come true; at once where nothing is said. */
  readonly othersFrom?: Promise<void>;
}

/** Sets the engine of this process; models that are open already keep what they were opened with. */
export function configureInference({ threads, othersFrom }: EngineOptions): void {
  options = Object.freeze({ threads, ...(othersFrom && { othersFrom }) });
}

/** The engine's options; one thread where nobody has said otherwise. */
export function engineOptions(): EngineOptions {
  return options;
}

let options: EngineOptions = Object.freeze({ threads: 1 });
