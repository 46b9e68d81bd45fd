import type { ErrorKind, ExitCode } from './kinds.js';

/** One error: its kind, what the user reads, and what to do next. */
export interface ErrorRow<D> {
  readonly kind: ErrorKind;
  /** Instead of the kind's exit code; the row says why. */
  readonly exit?: ExitCode;
  /** Instead of the kind's HTTP status; the row says why. */
  readonly http?: number;
  readonly message: (details: D) => string;
  /** The next command to run, or what to change. */
  readonly hint?: (details: D) => string;
}

/** The details of an error that needs none: `new OcrHubError(code, {})`. */
export type NoDetails = Readonly<Record<string, never>>;

/** Names the type of a row's details: `row<{ port: number }>({ ... })`. */
export function row<D>(definition: ErrorRow<D>): ErrorRow<D> {
  return definition;
}
