/** How this process runs networks. */
export interface EngineOptions {
  /** Threads that may compute at once. */
  readonly threads: number;
}

/** Sets the engine of this process; models that are open already keep what they were opened with. */
export function configureInference({ threads }: EngineOptions): void {
  options = Object.freeze({ threads });
}

/** The engine's options; one thread where nobody has said otherwise. */
export function engineOptions(): EngineOptions {
  return options;
}

let options: EngineOptions = Object.freeze({ threads: 1 });
