import { errorKinds, type ErrorKind, type ExitCode, type KindRow } from './kinds.js';
import type { ErrorRow } from './row.js';
import { errorTable } from './table.js';

export type ErrorCode = keyof typeof errorTable;
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof errorTable)[C]['message']>[0];

/**
 * An error that a user or a client can meet. `errorTable` has a row for each code.
 *
 * @example
 *   throw new OcrHubError('port_in_use', { port: 8866, holder: '' });
 */
export class OcrHubError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'OcrHubError';
  readonly code: C;
  readonly details: ErrorDetails<C>;

  constructor(code: C, details: ErrorDetails<C>, options?: ErrorOptions) {
    super(rowOf(code).message(details), options);
    this.code = code;
    this.details = details;
  }

  get kind(): ErrorKind {
    return rowOf(this.code).kind;
  }

  /** The next command to run, or what to change; empty when the message is enough. */
  get hint(): string {
    return rowOf(this.code).hint?.(this.details) ?? '';
  }

  get exitCode(): ExitCode {
    return exitCodeOf(this.code);
  }

  /** 500 for an error that no request meets unless a module throws it. */
  get httpStatus(): number {
    return httpStatusOf(this.code) ?? 500;
  }

  /** The code of the error that led to this one, for errors that wrap another: `module_start_failed`, `server_refused`. */
  get causeCode(): string | undefined {
    const { cause } = this.details as { readonly cause?: { readonly code: string } };
    return cause?.code;
  }

  /** The form in which an error crosses a process boundary; `OcrHubError.from` reads it. */
  toJSON(): SerializedError {
    return { code: this.code, details: this.details, stack: stackWithCauses(this) };
  }

  static is(error: unknown): error is OcrHubError {
    return error instanceof OcrHubError;
  }

  /** Returns an OcrHubError as it is; anything else becomes `internal`, with the thrown value as its cause. */
  static of(error: unknown): OcrHubError {
    if (OcrHubError.is(error)) return error;
    const problem = error instanceof Error ? error.message : String(error);
    return new OcrHubError('internal', { problem }, { cause: error });
  }

  /**
   * Reads the result of `toJSON`. The error has the stack of the process in which it was thrown. An error that another
   * version of ocrhub sent and this one does not know becomes `internal`, with its code and its text.
   */
  static from(sent: SerializedError): OcrHubError {
    const error = readKnown(sent) ?? readUnknown(sent);
    if (sent.stack !== undefined) error.stack = sent.stack;
    return error;
  }
}

export interface SerializedError {
  /** An `ErrorCode`, or a code of another version of ocrhub. */
  readonly code: string;
  readonly details: unknown;
  /** With the stacks of its causes. */
  readonly stack?: string;
}

/** The exit code of a command that ends with an error. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  const { kind, exit } = rowOf(code);
  return exit ?? errorKinds[kind].exit;
}

/** The HTTP status of an error that a request can meet; undefined for any other. */
export function httpStatusOf(code: ErrorCode): number | undefined {
  const { kind, http } = rowOf(code);
  const kindRow: KindRow = errorKinds[kind];
  return http ?? kindRow.http;
}

/** The stack of an error, and below it the stack of each error that caused it. */
export function stackWithCauses(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackWithCauses(error.cause)}` : own;
}

function rowOf(code: ErrorCode): ErrorRow<unknown> {
  return errorTable[code] as ErrorRow<unknown>;
}

/** undefined for a code, or for details, that this version of ocrhub does not know. */
function readKnown({ code, details }: SerializedError): OcrHubError | undefined {
  if (!isErrorCode(code)) return undefined;
  try {
    const error = new OcrHubError(code, details as never);
    // Message and hint throw if details that they need are missing.
    return typeof error.hint === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}

/** The text of an error is the beginning of its stack. */
function readUnknown({ code, details, stack }: SerializedError): OcrHubError {
  const [head = ''] = stack?.split('\n    at ') ?? [];
  const text = head === '' ? JSON.stringify(details) : head.replace(/^\w*Error: /, '');
  return new OcrHubError('internal', { problem: `${code}: ${text}` });
}
