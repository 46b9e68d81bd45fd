/**
 * Everything that can go wrong, in one place. A row says what the user reads, what to do next, the exit code of the
 * command line, the HTTP status, and HubServing's `status` string.
 *
 * Exit codes: 0 ok · 1 bug · 2 usage · 3 not found · 4 conflict · 5 failed while working.
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

  /** The next command to run, or what to change; empty when the message says it all. */
  get hint(): string {
    return rowOf(this.code).hint?.(this.details) ?? '';
  }

  get exitCode(): number {
    return rowOf(this.code).exit;
  }

  get httpStatus(): number {
    return rowOf(this.code).http;
  }

  get hubStatus(): HubStatus {
    return rowOf(this.code).status;
  }

  /** The form in which an error crosses a process boundary; `OcrHubError.from` brings it back. */
  toJSON(): SerializedError {
    return { code: this.code, details: this.details };
  }

  static from(serialized: SerializedError): OcrHubError {
    return new OcrHubError(serialized.code, serialized.details as never);
  }
}

export interface SerializedError {
  readonly code: ErrorCode;
  readonly details: unknown;
}

/** HubServing's answer codes: "000" answered, "101" failed, "111" no such module, "112" not a usable request. */
export type HubStatus = '000' | '101' | '111' | '112';

export type ErrorCode = keyof typeof errorTable;
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof errorTable)[C]['message']>[0];

interface ErrorRow<D> {
  readonly exit: 1 | 2 | 3 | 4 | 5;
  readonly http: number;
  readonly status: HubStatus;
  readonly message: (details: D) => string;
  readonly hint?: (details: D) => string;
}

function row<D>(definition: ErrorRow<D>): ErrorRow<D> {
  return definition;
}

function rowOf(code: ErrorCode): ErrorRow<unknown> {
  return errorTable[code] as ErrorRow<unknown>;
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

export const errorTable = {
  // Values from flags, files and requests
  value_unknown: row<{ subject: string; key: string; allowed: readonly string[] }>({
    exit: 2,
    http: 400,
    status: '101',
    message: (d) => `${d.subject}: unknown key "${d.key}"; allowed: ${list(d.allowed)}`,
  }),
  value_invalid: row<{ subject: string; key: string; value: unknown; problem: string }>({
    exit: 2,
    http: 400,
    status: '101',
    message: (d) => `${d.subject}: ${d.key === '' ? '' : `${d.key} `}is ${shown(d.value)}: ${d.problem}`,
  }),

  // Models
  model_unknown: row<{ name: string; role: string; known: readonly string[] }>({
    exit: 3,
    http: 500,
    status: '101',
    message: (d) => `No ${d.role} model "${d.name}": it is neither a known model set (${list(d.known)}) nor a file or folder`,
  }),
  model_missing: row<{ path: string; how: string }>({
    exit: 3,
    http: 500,
    status: '101',
    message: (d) => `Model file ${d.path} is not there`,
    hint: (d) => d.how,
  }),
  model_corrupt: row<{ path: string; expected: string; actual: string }>({
    exit: 5,
    http: 500,
    status: '101',
    message: (d) => `Model file ${d.path} is damaged: its SHA-256 is ${d.actual}, expected ${d.expected}`,
    hint: () => 'Restore the file (for a stock model: reinstall ocrhub), then start again.',
  }),
  model_mismatch: row<{ path: string; problem: string }>({
    exit: 5,
    http: 500,
    status: '101',
    message: (d) => `Model ${d.path} cannot be used: ${d.problem}`,
  }),
  gpu_unavailable: row<{ reason: string }>({
    exit: 2,
    http: 500,
    status: '101',
    message: (d) => `use_gpu is true, but ${d.reason}`,
    hint: () =>
      'Set CUDA_VISIBLE_DEVICES and install ocrhub with ONNXRUNTIME_NODE_INSTALL unset (it then brings the CUDA libraries), or leave use_gpu out.',
  }),

  // Pictures
  image_unreadable: row<{ reason: string }>({
    exit: 5,
    http: 422,
    status: '101',
    message: (d) => `not a readable picture: ${d.reason}`,
    hint: () => 'Send a JPEG, PNG, WebP, TIFF, GIF or BMP file.',
  }),
  image_too_large: row<{ width: number; height: number; maxPixels: number }>({
    exit: 5,
    http: 422,
    status: '101',
    message: (d) => `the picture has ${d.width} x ${d.height} pixels, more than the limit of ${d.maxPixels}`,
    hint: () => 'Send a smaller picture, or start the server with a higher --max_pixels.',
  }),
} as const;
