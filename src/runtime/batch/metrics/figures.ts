import type { QueueDepth } from '../queue/unit-queue.js';

/** How far a run is. */
interface RunFigures {
  readonly planned: number;
  /** Pages with a result. */
  readonly done: number;
  /** Failed pages by the code of their error. */
  readonly errors: ReadonlyMap<string, number>;
  readonly unitsPlanned: number;
  readonly unitsDone: number;
  /** Pages a second since this process began to read. */
  readonly rate: number;
}

/** What a worker has done since it was started. */
export interface WorkerFigures {
  readonly pages: number;
  readonly errors: ReadonlyMap<string, number>;
  readonly units: number;
  readonly unitsInWork: number;
  readonly unitsLost: number;
  readonly rate: number;
}

/** What the metrics are made of, as it is now. */
export interface Figures {
  /** Why work waits; undefined if it does not. */
  readonly waitsFor: string | undefined;
  readonly run?: RunFigures | undefined;
  readonly worker?: WorkerFigures | undefined;
  readonly queue?: { readonly name: string; readonly depth: QueueDepth } | undefined;
}
