import type { SerializedError } from '../errors/error.js';
import type { ModelInfo, PageSize, UnreadableImage } from '../service/contract.js';
import type { StageTimes } from '../trace/stage-times.js';
import type { ServedModule, ServeOptions } from '../options/serve-options.js';

/* What the server and an inference process say to each other. */

export type ToInference = LoadMessage | TaskMessage;
export type FromInference = LoadedMessage | DoneMessage;

export interface LoadMessage {
  readonly type: 'load';
  readonly modules: readonly ServedModule[];
  readonly startedIn: string;
  readonly threads: number;
  readonly maxPixels: number;
  readonly allowPartial: boolean;
}

/** What the options of a server let its inference processes load. */
export function loadMessage({
  modules,
  startedIn,
  threads,
  maxPixels,
  allowPartial,
}: Pick<ServeOptions, 'modules' | 'startedIn' | 'threads' | 'maxPixels' | 'allowPartial'>): LoadMessage {
  return { type: 'load', modules, startedIn, threads, maxPixels, allowPartial };
}

interface LoadedMessage {
  readonly type: 'loaded';
  readonly modules: readonly LoadResult[];
  readonly models: readonly ModelInfo[];
  /** Why loading failed; the process ends then. */
  readonly error?: SerializedError;
}

export interface LoadResult {
  readonly route: string;
  /** The traits by which a request is split and joined; null when it is handed over whole. */
  readonly entries: { readonly nested: boolean } | null;
  readonly setting: string | null;
  /** The networks that it chose. */
  readonly models: readonly ModelInfo[];
  /** Why this module cannot be served (with allowPartial). */
  readonly error?: SerializedError;
}

export interface TaskMessage {
  readonly type: 'task';
  readonly id: number;
  readonly route: string;
  readonly images: readonly Uint8Array[];
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface DoneMessage {
  readonly type: 'done';
  readonly id: number;
  readonly outcome: TaskOutcome | { readonly error: SerializedError };
  /** Resident memory of the process in bytes, after the task. */
  readonly rss: number;
}

export interface TaskOutcome {
  /** For a module with entries one JSON text a picture; otherwise one JSON text, or none if no picture was readable. */
  readonly results: readonly string[];
  /** The size of each picture of the task; null for one that could not be read. */
  readonly pages: readonly (PageSize | null)[];
  /** Indices count within the task. */
  readonly unreadable: readonly UnreadableImage[];
  readonly stages: StageTimes;
}
