import type { ModelInUse } from '../trace/models-in-use.js';
import type { ObjectSchema } from '../values/json-schema.js';
import type { StageTimes } from '../trace/stage-times.js';

/** What the HTTP side needs of the side that does the work. */
export interface Service {
  /** Whether a module is served under this name. */
  has(route: string): boolean;
  /**
   * Refuses what could not wait for its turn either, before its body is read.
   *
   * @throws OcrHubError `not_ready`, `queue_full`
   */
  admit(): void;
  /**
   * Refuses a request whose fields cannot be right, before it waits for its turn. The module checks them again.
   *
   * @throws OcrHubError `value_unknown`, `value_invalid`
   */
  checkFields(route: string, fields: Readonly<Record<string, unknown>>): void;
  /**
   * Does one request's work. The signal fires when the client has gone away: work that waits is then dropped.
   *
   * @throws OcrHubError of the module, the pictures or the pool
   */
  predict(request: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer>;
  health(): Health;
  /** What is served, and what a request may say. */
  describe(): readonly ServiceDescription[];
  /** Prometheus text and its content type. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Called once for each /predict request that was answered or given up. */
  observe(record: RequestRecord): void;
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
  /** The files' bytes, decoded from base64. */
  readonly images: readonly Uint8Array[];
  /** The other fields of the body. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface PredictAnswer {
  readonly results: Results;
  /** The size of each picture in the order of the request; null for a picture that could not be read. */
  readonly pages: readonly (PageSize | null)[];
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
  /** A module with `entries`: one JSON text for each picture. `nested`: HubServing wraps the list in another one. */
  | { readonly kind: 'entries'; readonly entries: readonly string[]; readonly nested: boolean }
  /** Any other module: one JSON text for the whole request. */
  | { readonly kind: 'whole'; readonly json: string };

/** Pixels, after the picture is turned as its EXIF orientation says. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

export interface UnreadableImage {
  /** Place in the request, from 0. */
  readonly index: number;
  readonly reason: string;
}

/** A network that is loaded. */
export type ModelInfo = ModelInUse;

export interface Health {
  readonly status: 'starting' | 'ready' | 'draining' | 'failed';
  /** Why a server that is not ready is not; empty otherwise. */
  readonly reason: string;
  readonly instance: string;
  readonly pid: number;
  readonly version: string;
  readonly modules: readonly ServedModuleInfo[];
  /** Those of all modules, each once. */
  readonly models: readonly ModelInfo[];
  readonly processes: readonly ProcessInfo[];
  /** Requests of which no picture is being worked on yet. */
  readonly queued: number;
  readonly served: number;
  readonly failed: number;
  /** Milliseconds over the latest requests; null before the first. */
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

/** One finished request, for the counters and the log. */
export interface RequestRecord {
  readonly id: string;
  readonly route: string;
  readonly images: number;
  readonly outcome: 'answered' | 'failed';
  readonly httpStatus: number;
  /** The protocol's own word for the outcome, such as HubServing's "000"; only the log shows it. */
  readonly status: string;
  readonly message: string;
  readonly ms: number;
  readonly queueMs: number;
  readonly stages: StageTimes;
  /** Where it went wrong, for the log: in the module's own code where that threw. */
  readonly stack?: string | undefined;
}
