import type { RequestField } from '../http/service.js';

/** Everything a server needs to know, resolved once at the border; nothing further in has defaults of its own. */
export interface ServeOptions {
  readonly modules: readonly ServedModule[];
  /** The working folder of the start: relative paths in parameters keep the meaning that they have there. */
  readonly startedIn: string;
  readonly port: number;
  readonly host: string;
  /** Several single-threaded inference processes instead of one that uses all cores for a picture. */
  readonly useMultiprocess: boolean;
  /** Tasks in progress at once, as the guide words it; at most as many inference processes as cores run. */
  readonly workers: number;
  /** Number of inference processes. */
  readonly processes: number;
  /** Threads that one inference process computes with. */
  readonly threads: number;
  /** Requests that may wait before new ones are refused. */
  readonly maxQueue: number;
  /** Deadline of a request in seconds. */
  readonly timeout: number;
  /** Largest request body in bytes. */
  readonly maxBody: number;
  /** Largest picture in pixels. */
  readonly maxPixels: number;
  /** Resident memory in bytes after which an inference process is replaced. */
  readonly maxMemory: number;
  /** Tasks after which an inference process is replaced; 0: never. */
  readonly maxTasks: number;
  /** Seconds that stopping waits for work in progress. */
  readonly grace: number;
  /** File that holds the token which requests must carry. */
  readonly tokenFile: string | undefined;
  readonly httpStatus200: boolean;
  /** A module that fails to load is left out instead of failing the start. */
  readonly allowPartial: boolean;
}

export interface ServedModule {
  /** The last part of the address, `/predict/<route>`. */
  readonly route: string;
  readonly name: string;
  readonly version: string;
  /** Whether this very version was asked for; otherwise a restart takes the newest. */
  readonly pinned: boolean;
  /** The author's folder, when that is served instead of what is installed; a restart builds it anew. */
  readonly folder: string | undefined;
  /** Content hash of the copy that is served; reinstalling does not change it. */
  readonly hash: string;
  /** Folder of that copy. */
  readonly path: string;
  readonly summary: string;
  /** What a request may say beside its pictures, as it was declared at the start. */
  readonly fields: readonly RequestField[];
  readonly initArgs: Readonly<Record<string, unknown>>;
  readonly predictArgs: Readonly<Record<string, unknown>>;
}
