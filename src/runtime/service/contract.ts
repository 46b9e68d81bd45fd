import type { ErrorCode } from '../errors/error.js';
import type { ErrorKind } from '../errors/kinds.js';
import type { ModelInUse } from '../trace/models-in-use.js';
import type { ObjectSchema } from '../values/json-schema.js';
import type { WrittenFile } from '../document/formats/formats.js';
import type { OutputOptions, Previews, ReadingOptions } from './reading.js';
import type { StageTimes } from '../trace/stage-times.js';

/** The server as its protocols see it. */
export interface Service {
  /** Whether a module is served under this name. */
  has(route: string): boolean;
  /**
   * Refuses a request that could not be queued, before its body is read.
   *
   * @throws OcrHubError `not_ready`, `queue_full`
   */
  admit(): void;
  /**
   * Refuses a request with a wrong field before it is queued. The module checks the fields again.
   *
   * @throws OcrHubError `key_unknown`, `value_invalid`
   */
  checkFields(route: string, fields: Readonly<Record<string, unknown>>): void;
  /**
   * Answers one request. When the signal fires because the client has gone away, waiting work is dropped.
   *
   * @throws OcrHubError of the module, the pictures or the pool
   */
  predict(request: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer>;
  health(): Health;
  /** The served modules and the fields of their requests. */
  describe(): readonly ServiceDescription[];
  /** Prometheus text and its content type. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Called once for each request that was answered, refused or given up. */
  observe(record: RequestRecord): void;
  /** Called for a request that was refused outside of endpoints. It is not counted. */
  noteRefusal(refusal: Refusal): void;
}

export interface ServiceDescription {
  readonly route: string;
  readonly version: string;
  readonly summary: string;
  /** The fields that a request may carry beside `images`; a default is the value of a request without the field. */
  readonly fields: ObjectSchema;
}

export interface ServiceRequest {
  readonly route: string;
  readonly files: readonly RequestFile[];
  /** The module's own fields; the module checks them. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly reading: ReadingOptions;
  /** Writes the answer in this format; undefined: the protocol's own answer. */
  readonly output?: OutputOptions | Previews | undefined;
  /** A job of a store. Nobody waits for it in a connection, so that it outlives more: docs/reliability.md has the rule. */
  readonly isStored?: boolean | undefined;
}

/** A picture or a document of a request. */
export interface RequestFile {
  readonly bytes: Uint8Array;
  /** As the client named it, without its folder; empty if it has no name. */
  readonly name: string;
}

export interface PredictAnswer {
  readonly results: Results;
  /** The pages of each file in the order of the request; null for a file that could not be read. */
  readonly files: readonly (AnsweredFile | null)[];
  /** The whole answer as one file, if the request asked for a format. */
  readonly output?: WrittenFile | undefined;
  /** Pictures that could not be read; their entries in `results` are the module's empty entry. */
  readonly unreadable: readonly UnreadableImage[];
  /** Milliseconds from the request's arrival to the start of its first task. */
  readonly queueMs: number;
  readonly stages: StageTimes;
}

/**
 * A module's answer as JSON text, as it came from the inference process: the server does not parse it. A protocol that
 * needs the values parses the texts.
 */
export type Results =
  /**
   * A module with `entries`: one JSON text for each file; of a document, that of its first page. `nested`: HubServing wraps
   * the list in another one.
   */
  | { readonly kind: 'entries'; readonly entries: readonly string[]; readonly nested: boolean }
  /** Any other module: one JSON text for the whole request. */
  | { readonly kind: 'whole'; readonly json: string };

export interface AnsweredFile {
  /** A PDF file and a TIFF file of several pages are documents. */
  readonly kind: 'picture' | 'document';
  readonly pages: readonly AnsweredPage[];
}

export interface AnsweredPage extends PageSize {
  /** The module's entry for the page as JSON text; undefined for a module without entries. */
  readonly entry?: string | undefined;
}

export interface PageSize {
  /** From 1. */
  readonly number: number;
  /** Pixels, after the page is turned upright as the file says. */
  readonly width: number;
  readonly height: number;
  /** Pixels an inch, where they are known. */
  readonly dpi?: number | undefined;
  /** The page as a JPEG file, if the request asks for `page_pictures`; it may have fewer pixels. */
  readonly picture?: Uint8Array | undefined;
}

export interface UnreadableImage {
  /** Place in the request, from 0. */
  readonly index: number;
  readonly code: ErrorCode;
  readonly reason: string;
  /** Empty when the reason is enough. */
  readonly hint: string;
}

/** A network that is loaded. */
export type ModelInfo = ModelInUse;

export interface Health {
  readonly status: 'starting' | 'ready' | 'draining' | 'failed';
  /** Why the server is not ready; empty if it is. */
  readonly reason: string;
  readonly instance: string;
  readonly pid: number;
  readonly version: string;
  readonly modules: readonly ServedModuleInfo[];
  /** The networks of all modules, each once. */
  readonly models: readonly ModelInfo[];
  readonly processes: readonly ProcessInfo[];
  /** Requests of which no picture is in work yet. */
  readonly queued: number;
  readonly served: number;
  readonly failed: number;
  /** Milliseconds over the latest requests; null before the first answer. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

export interface ServedModuleInfo {
  /** The last part of the address. */
  readonly route: string;
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  /** Why it could not be loaded (with --allow_partial); empty otherwise. */
  readonly problem: string;
  /** `default`, `accurate`, `fast` or `reference`; null for a module that has no such names, or is not loaded. */
  readonly setting: string | null;
  /** The networks that it runs. */
  readonly models: readonly ModelInfo[];
}

export interface ProcessInfo {
  readonly pid: number;
  readonly state: 'starting' | 'idle' | 'busy' | 'retiring';
  readonly served: number;
  readonly failed: number;
}

/** A request that no endpoint took, for the log. */
export type Refusal = Pick<RequestRecord, 'id' | 'from' | 'httpStatus' | 'message' | 'stack'>;

/** One finished request, for the counters and the log. */
export interface RequestRecord {
  readonly id: string;
  /** The IP address of the client; undefined for a job, whose client waits no more. */
  readonly from?: string | undefined;
  /** The name of its token; undefined if the server asks for none, or refused it. */
  readonly token?: string | undefined;
  readonly route: string;
  readonly images: number;
  /** `answered`, or the kind of the error. */
  readonly outcome: 'answered' | ErrorKind;
  readonly httpStatus: number;
  /** The protocol's own word for the outcome, such as HubServing's "000"; only the log shows it. */
  readonly status: string;
  readonly message: string;
  readonly ms: number;
  readonly queueMs: number;
  readonly stages: StageTimes;
  /** Of the error, for the log; in the module's own code if the module threw. */
  readonly stack?: string | undefined;
}
