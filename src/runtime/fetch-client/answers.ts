// The answers of a server. They are written out here, not imported: their declarations must compile without Node's types.

/** A file that was read. */
export interface OcrDocument {
  readonly name: string;
  /** In the order they were asked for; empty if the file could not be read, but another one of the request could. */
  readonly pages: readonly OcrPage[];
}

export interface OcrPage {
  /** Number in the file, from 1. */
  readonly page: number;
  /** Pixels of the page as it was read. */
  readonly width: number;
  readonly height: number;
  /** Degrees by which the page was turned clockwise before it was read. */
  readonly rotation: Rotation;
  /** Pixels per inch, if the file names them or the page was drawn from a PDF file. */
  readonly dpi?: number;
  /** In reading order. */
  readonly lines: readonly OcrPageLine[];
}

export interface OcrPageLine extends OcrLine {
  /** Degrees clockwise by which its text is turned in the page: 0 to below 360. Servers before 0.2.0 do not say. */
  readonly angle?: number;
}

export interface OcrLine {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Corners in pixels of the page. */
  readonly text_region: Quad;
  /** With the field `return_word_box`. */
  readonly words?: readonly OcrWord[];
}

/** A word, or a single Chinese, Japanese or Korean character. */
export interface OcrWord {
  readonly text: string;
  readonly confidence: number;
  readonly region: Quad;
}

export type Rotation = 0 | 90 | 180 | 270;

/** x and y. */
export type Point = readonly [number, number];

/** Top-left, top-right, bottom-right, bottom-left. */
export type Quad = readonly [Point, Point, Point, Point];

/** HubServing's answer. */
export interface Envelope<R = readonly (readonly OcrLine[])[]> {
  /** Which pictures could not be read, and why; empty if all were read. */
  readonly msg: string;
  /** An entry for each picture, in the order of the request. */
  readonly results: R;
  /** Always "000": any other status is thrown as an OcrhubError. */
  readonly status: string;
  /** If there is a document of several pages: an entry for each file, null for a picture. */
  readonly pages?: readonly (readonly EnvelopePage[] | null)[];
}

/** A page of a document in HubServing's answer. */
export interface EnvelopePage {
  /** Number in the file, from 1. */
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly dpi?: number;
  /** The entry of the module for this page. */
  readonly result?: unknown;
}

/** The state of a server: docs/http-api.md describes it. */
export interface Health {
  readonly status: 'starting' | 'ready' | 'draining' | 'failed';
  /** Why the server is not ready; empty if it is. */
  readonly reason: string;
  readonly instance: string;
  readonly pid: number;
  readonly version: string;
  readonly modules: readonly ServedModule[];
  readonly queued: number;
  readonly served: number;
  readonly failed: number;
  /** Milliseconds; null before the first answer. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

export interface ServedModule {
  /** The name in the address. */
  readonly route: string;
  readonly name: string;
  readonly version: string;
}
