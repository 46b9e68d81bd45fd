import type { SerializedError } from '../errors/error.js';
import type { WrittenFile } from '../document/formats/formats.js';
import type { AnsweredPage, ModelInfo, PageSize, UnreadableImage } from '../service/contract.js';
import type { OutputOptions, Previews, ReadingOptions } from '../service/reading.js';
import type { Home } from '../config/home.js';
import type { StageTimes } from '../trace/stage-times.js';
import type { ServedModule, ServeOptions } from '../options/serve-options.js';

/* The messages between the server and an inference process. */

export type ToInference = LoadMessage | TaskMessage | ReleaseMessage;
export type FromInference = LoadedMessage | DecodingMessage | DoneMessage;

export interface LoadMessage {
  readonly type: 'load';
  readonly home: Home;
  readonly modules: readonly ServedModule[];
  /** Working directory of the command that started the server. */
  readonly startedIn: string;
  readonly threads: number;
  /** Largest picture in pixels. */
  readonly maxPixels: number;
  /** Seconds of the clock for a page. */
  readonly maxSeconds: number;
  /** Maximum pages of a document in one request. */
  readonly maxPages: number;
  /** Whether a module that cannot be loaded is left out instead of failing the load. */
  readonly allowPartial: boolean;
}

type LoadOptions = Pick<
  ServeOptions,
  'modules' | 'startedIn' | 'threads' | 'maxPixels' | 'timeout' | 'maxPages' | 'allowPartial'
>;

export function loadMessage(home: Home, options: LoadOptions): LoadMessage {
  const { modules, startedIn, threads, maxPixels, timeout, maxPages, allowPartial } = options;
  // A page that takes longer would leave its module too little of the time of the request.
  const maxSeconds = timeout / 2;
  return { type: 'load', home, modules, startedIn, threads, maxPixels, maxSeconds, maxPages, allowPartial };
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

export type TaskMessage = ReadMessage | ComposeMessage;

/** Reads one page of a file. A module without entries gets all pages of all files of the request at once. */
export interface ReadMessage {
  readonly type: 'read';
  readonly id: number;
  readonly route: string;
  readonly files: readonly TaskFile[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly reading: ReadingOptions;
  /** From 1; undefined: the first of the pages that the request asks for. */
  readonly page?: number | undefined;
}

export interface TaskFile {
  /** The same in all tasks for this file. */
  readonly id: number;
  /** Null if the process holds the file from the task before. */
  readonly bytes: Uint8Array | null;
  /** Why decoding it was stopped before. The process refuses it. */
  readonly tooCostly?: string | undefined;
}

/** Writes what was read as a file. */
interface ComposeMessage {
  readonly type: 'compose';
  readonly id: number;
  readonly route: string;
  readonly output: OutputOptions | Previews;
  readonly documents: readonly ComposedDocument[];
}

export interface ComposedDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly password: string | undefined;
  readonly pages: readonly AnsweredPage[];
}

/** The process no longer needs a file. */
interface ReleaseMessage {
  readonly type: 'release';
  readonly file: number;
}

/** The process decodes a file from now on; with null it does not any more. */
interface DecodingMessage {
  readonly type: 'decoding';
  readonly file: number | null;
  /** The page of a document. */
  readonly page?: number | undefined;
}

export interface DoneMessage {
  readonly type: 'done';
  readonly id: number;
  readonly outcome: TaskOutcome | { readonly error: SerializedError };
  /** The document that the process holds open for the next task; undefined if there is none. */
  readonly held: number | undefined;
  /** Resident memory of the process after the task, in bytes. */
  readonly rss: number;
}

export type TaskOutcome = ReadOutcome | ComposeOutcome;

export interface ReadOutcome {
  readonly type: 'read';
  /** With entries: one JSON text, of the page. Otherwise one JSON text, or none if a file could not be read. */
  readonly results: readonly string[];
  /** Null for a file that could not be read. */
  readonly files: readonly (OpenedFile | null)[];
  /** Indices count from the first file of the task. */
  readonly unreadable: readonly UnreadableImage[];
  readonly stages: StageTimes;
}

export interface OpenedFile {
  readonly kind: 'picture' | 'document';
  /** The pages that the task has read. */
  readonly pages: readonly PageSize[];
  /** The pages that the request asks for beside them. The process holds the file for their tasks. */
  readonly rest: readonly number[];
}

interface ComposeOutcome {
  readonly type: 'compose';
  readonly file: WrittenFile;
}
