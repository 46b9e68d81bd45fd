/**
 * What sort of failure an error is. The exit code of a command and the HTTP status of an answer follow from the kind.
 *
 * Exit codes: 1 bug, 2 usage, 3 not found, 4 conflict, 5 failed while working (0 is success).
 */
export const errorKinds = {
  // Kinds that only a command meets. A module that throws one of them while it answers has failed: HTTP 500.
  /** A flag, an argument or a value in a file of the user is illegal. */
  usage: { exit: 2 },
  /** A file, a package, a model or a server that the command needs is not there. */
  missing: { exit: 3 },
  /** What the command would make exists already, or something else holds it. */
  conflict: { exit: 4 },
  /** The command could not do its work. */
  failed: { exit: 5 },

  // Kinds that a request can meet as well.
  /** The request has no form that the protocol can read. */
  malformed: { exit: 2, http: 400 },
  /** The request was read, and a value in it is illegal. */
  invalid: { exit: 2, http: 400 },
  unauthorized: { exit: 2, http: 401 },
  /** Nobody may send this request. */
  forbidden: { exit: 2, http: 403 },
  /** Nothing is served at the address of the request. */
  not_found: { exit: 3, http: 404 },
  /** The request has too many bytes. */
  too_large: { exit: 2, http: 413 },
  /** A picture cannot be decoded, or has too many pixels. */
  unreadable: { exit: 5, http: 422 },
  /** The server has too much to do. */
  overloaded: { exit: 5, http: 429 },
  /** 499 is nginx's number for a client that closed its connection; only the log shows it. */
  cancelled: { exit: 5, http: 499 },
  /** The module threw, or its answer cannot be sent. */
  module_failed: { exit: 5, http: 500 },
  /** The installation lacks a part that the request needs. */
  not_installed: { exit: 3, http: 501 },
  /** The server cannot answer now. */
  unavailable: { exit: 5, http: 503 },
  timeout: { exit: 5, http: 504 },
  /** A bug in ocrhub. */
  internal: { exit: 1, http: 500 },
} as const satisfies Record<string, KindRow>;

export type ErrorKind = keyof typeof errorKinds;

export type ExitCode = 1 | 2 | 3 | 4 | 5;

export interface KindRow {
  readonly exit: ExitCode;
  /** Left out for a kind that no request meets. */
  readonly http?: number;
}
