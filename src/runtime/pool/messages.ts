import type { SerializedError } from '../errors/error.js';
import type { ModelInfo, PageSize, UnreadableImage } from '../service/contract.js';
import type { Home } from '../config/home.js';
import type { StageTimes } from '../trace/stage-times.js';
import type { ServedModule, ServeOptions } from '../options/serve-options.js';

/* The messages between the server and an inference process. */

export type ToInference = LoadMessage | TaskMessage;
export type FromInference = LoadedMessage | DoneMessage;

export interface LoadMessage {
  readonly type: 'load';
  readonly home: Home;
  readonly modules: readonly ServedModule[];
  /** Working directory of the command that started the server. */
  readonly startedIn: string;
  readonly threads: number;
  /** Largest picture in pixels. */
  readonly maxPixels: number;
  /** Whether a module that cannot be loaded is left out instead of failing the load. */
  readonly allowPartial: boolean;
}

type LoadOptions = Pick<ServeOptions, 'modules' | 'startedIn' | 'threads' | 'maxPixels' | 'allowPartial'>;

export function loadMessage(home: Home, options: LoadOptions): LoadMessage {
  const { modules, startedIn, threads, maxPixels, allowPartial } = options;
  return { type: 'load', home, modules, startedIn, threads, maxPixels, allowPartial };
}

interface LoadedMessage {
  readonly type: 'loaded';
  readonly modules: readonly LoadResult[];
  readonly models: readonly ModelInfo[];
  /** Why loading failed; the process ends. */
  readonly error?: SerializedError;
}

export interface LoadResult {
  readonly route: string;
  /** How a request is split into tasks and its entries are joined; null if it is not split. */
  readonly entries: { readonly nested: boolean } | null;
  readonly setting: string | null;
  /** The models that the module loaded. */
  readonly models: readonly ModelInfo[];
  /** Why this module cannot be served (only with allowPartial). */
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
  /** Resident memory of the process after the task, in bytes. */
  readonly rss: number;
}

export interface TaskOutcome {
  /** With entries: one JSON text for each picture. Otherwise one JSON text, or none if no picture could be read. */
  readonly results: readonly string[];
  /** The size of each picture; null if it could not be read. */
  readonly pages: readonly (PageSize | null)[];
  /** Indices count from the first picture of the task. */
  readonly unreadable: readonly UnreadableImage[];
  readonly stages: StageTimes;
}
