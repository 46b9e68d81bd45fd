import { nearest } from './nearest.js';
import { describeUnreadable } from './unreadable.js';

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
    return rowOf(this.code).http ?? 500;
  }

  get hubStatus(): HubStatus {
    return rowOf(this.code).status ?? '101';
  }

  /** The form in which an error crosses a process boundary; `OcrHubError.from` brings it back. */
  toJSON(): SerializedError {
    return { code: this.code, details: this.details };
  }

  static is(error: unknown): error is OcrHubError {
    return error instanceof OcrHubError;
  }

  /** What was thrown, as an error of the table: what is not in it is a bug. */
  static of(error: unknown): OcrHubError {
    if (OcrHubError.is(error)) return error;
    const problem = error instanceof Error ? error.message : String(error);
    return new OcrHubError('internal', { problem }, { cause: error });
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

export interface ErrorRow<D> {
  readonly exit: 1 | 2 | 3 | 4 | 5;
  /** HTTP status of an answer, for errors that a request can meet; any other would be a 500. */
  readonly http?: number;
  /** HubServing's status; "101" where nothing else is said. */
  readonly status?: HubStatus;
  readonly message: (details: D) => string;
  readonly hint?: (details: D) => string;
}

/** For errors that need no value to be understood: `new OcrHubError(code, {})`. */
type NoDetails = Readonly<Record<string, never>>;

function row<D>(definition: ErrorRow<D>): ErrorRow<D> {
  return definition;
}

function rowOf(code: ErrorCode): ErrorRow<unknown> {
  return errorTable[code] as ErrorRow<unknown>;
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : toText(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

const meant = (key: string, allowed: readonly string[]): string => {
  const near = nearest(key, allowed);
  return near === undefined ? '' : `; did you mean "${near}"?`;
};

const toText = (value: unknown): string => {
  // JSON has no word for these, and writes null.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const json: unknown = JSON.stringify(value);
  return typeof json === 'string' ? json : typeof value;
};

export const errorTable = {
  // Values from flags, files and requests
  value_unknown: row<{ subject: string; key: string; allowed: readonly string[] }>({
    exit: 2,
    http: 400,
    message: (d) => `${d.subject}: unknown key ${shown(d.key)}; allowed: ${list(d.allowed)}${meant(d.key, d.allowed)}`,
  }),
  /** `key` is empty if the subject itself has the value, and undefined if the subject shows name and value already. */
  value_invalid: row<{ subject: string; key: string | undefined; value: unknown; problem: string }>({
    exit: 2,
    http: 400,
    message: (d) => {
      if (d.key === undefined) return `${d.subject}: ${d.problem}`;
      return `${d.subject}${d.key === '' ? '' : `: ${d.key}`} is ${shown(d.value)}: ${d.problem}`;
    },
  }),

  file_not_found: row<{ file: string; problem: string }>({
    exit: 3,
    message: (d) => `${d.file} cannot be read: ${d.problem}`,
  }),

  // What a user decides for all commands
  defaults_damaged: row<{ file: string; problem: string; mend: string }>({
    exit: 5,
    message: (d) => `The file with your defaults, ${d.file}, is damaged: ${d.problem}`,
    hint: (d) => `Fix it: ${d.mend}`,
  }),
  home_unusable: row<{ folder: string; problem: string; holdsDefaults: boolean }>({
    exit: 5,
    message: (d) => `The home folder of ocrhub, ${d.folder}, cannot be used: ${d.problem}`,
    // `config set` writes into the folder that holds the defaults.
    hint: (d) =>
      `Make it a writable folder with free space, or set another: OCRHUB_HOME${d.holdsDefaults ? '' : ', or ocrhub config set home PATH'}.`,
  }),
  confirmation_needed: row<{ what: string; command: string }>({
    exit: 2,
    message: (d) => `${d.what} needs confirmation, and there is no terminal to ask on`,
    hint: (d) => `Confirm with: ${d.command} --yes`,
  }),

  // The client
  folder_without_pictures: row<{ folder: string; extensions: readonly string[] }>({
    exit: 3,
    message: (d) => `There is no picture in ${d.folder} (${list(d.extensions)})`,
  }),
  server_unreachable: row<{ url: string; problem: string }>({
    exit: 3,
    message: (d) => `No server answers at ${d.url}: ${d.problem}`,
    hint: () => 'Start one: ocrhub serving start -m ocr_system',
  }),
  answer_not_hubserving: row<{ url: string; http: number }>({
    exit: 5,
    message: (d) => `What answers at ${d.url} (HTTP ${d.http}) is not an OCR service`,
    hint: () => 'The address of a service ends in /predict/<module>.',
  }),
  server_refused: row<{ http: number; status: string; msg: string }>({
    exit: 5,
    message: (d) => `${d.msg} (HTTP ${d.http}, status "${d.status}")`,
  }),

  // Serving
  modules_missing: row<{ installed: readonly string[] }>({
    exit: 2,
    message: (d) => `Say which modules to serve, with --modules or --config; installed: ${list(d.installed)}`,
    hint: (d) =>
      d.installed.length === 0
        ? 'Install one first: ocrhub install ocr_system'
        : `For example: ocrhub serving start -m ${d.installed[0]?.split('==')[0] ?? ''}`,
  }),
  watch_without_folder: row<NoDetails>({
    exit: 2,
    message: () => '--watch needs a module served from a folder, for example -m ./my_ocr',
  }),
  gpu_with_multiprocess: row<NoDetails>({
    exit: 2,
    message: () => 'use_gpu and use_multiprocess cannot both be true',
    hint: () => 'Take one of them out.',
  }),
  port_in_use: row<{ port: number; holder: string }>({
    exit: 4,
    message: (d) => `Port ${d.port} is already in use${d.holder === '' ? '' : ` by ${d.holder}`}`,
    hint: (d) =>
      d.holder === ''
        ? 'Choose another one with --port.'
        : `Stop it: ocrhub serving stop -p ${d.port}, or choose another port with --port.`,
  }),
  debug_port_in_use: row<{ port: number }>({
    exit: 4,
    message: (d) => `Debugger port ${d.port} is already in use`,
    hint: () => 'Choose another one with --inspect_port; 0 takes one that is free.',
  }),
  host_unavailable: row<{ host: string; port: number; problem: string }>({
    exit: 2,
    message: (d) => `Cannot listen on ${d.host}, port ${d.port}: ${d.problem}`,
    hint: () => '127.0.0.1 serves this machine alone, 0.0.0.0 everybody who can reach it.',
  }),
  server_start_failed: row<{ end: string; output: string }>({
    exit: 5,
    message: (d) => `The server ended before it was ready (${d.end})${d.output === '' ? '' : `:\n${d.output}`}`,
  }),
  server_died: row<{ port: number; pid: number }>({
    exit: 5,
    message: (d) => `The server on port ${d.port} (pid ${d.pid}) exited unexpectedly`,
    hint: (d) => `See its last lines: ocrhub serving logs -p ${d.port}`,
  }),
  server_not_found: row<{ port: number; ports: readonly number[] }>({
    exit: 3,
    message: (d) => `No ocrhub server is running on port ${d.port}; ports with one: ${list(d.ports.map(String))}`,
  }),
  log_not_found: row<{ file: string; port: number }>({
    exit: 3,
    message: (d) => `There is no log of port ${d.port} (${d.file})`,
  }),
  control_unreachable: row<{ port: number; problem: string }>({
    exit: 5,
    message: (d) => `The server on port ${d.port} did not respond on its control socket: ${d.problem}`,
    hint: (d) => `Stop it and start it again: ocrhub serving stop -p ${d.port}`,
  }),
  server_not_stopped: row<{ port: number; pid: number; problem: string }>({
    exit: 5,
    message: (d) =>
      `The server on port ${d.port} (pid ${d.pid}) has no process here, and was not stopped: ${d.problem}`,
    hint: () => 'Stop it where it runs, for example in its container.',
  }),
  reload_busy: row<{ port: number }>({
    exit: 4,
    message: (d) => `The server on port ${d.port} is already loading new modules`,
  }),
  server_in_foreground: row<{ port: number; pid: number }>({
    exit: 4,
    message: (d) =>
      `The server on port ${d.port} (pid ${d.pid}) was started in the foreground; it cannot be restarted from here`,
    hint: (d) =>
      `Restart it where it was started: systemctl restart, docker restart, or its terminal. To have one in the background instead: ocrhub serving stop -p ${d.port}, then ocrhub serving start.`,
  }),
  token_missing: row<{ port: number }>({
    exit: 2,
    message: (d) => `The server on port ${d.port} asks for a token, and there is none to restart it with`,
    hint: () => 'Set OCRHUB_TOKEN to the token and try again.',
  }),
  token_unreadable: row<{ file: string; problem: string }>({
    exit: 2,
    message: (d) => `The token cannot be read from ${d.file}: ${d.problem}`,
  }),

  // Packages and the registry
  package_not_found: row<{
    argument: string;
    isPath: boolean;
    stock: readonly string[];
    suggestion: string | undefined;
  }>({
    exit: 3,
    message: (d) =>
      d.isPath
        ? `There is no folder ${d.argument}`
        : `No stock package is called "${d.argument}"; there are: ${list(d.stock)}`,
    hint: (d) =>
      d.suggestion === undefined
        ? 'Name the folder of a package, for example: ocrhub install ./my_ocr'
        : `The stock package of that name: ocrhub install ${d.suggestion}`,
  }),
  package_incomplete: row<{ folder: string; missing: string }>({
    exit: 5,
    message: (d) => `${d.folder} is not a service package: it has no ${d.missing}`,
    hint: () => 'A package is a folder with index.ts, module.ts and params.ts (config.json is optional).',
  }),
  folder_not_empty: row<{ folder: string }>({
    exit: 4,
    message: (d) => `${d.folder} already exists and is not empty`,
    hint: () => 'Choose a folder that does not exist yet.',
  }),
  folder_unwritable: row<{ folder: string; problem: string }>({
    exit: 5,
    message: (d) => `${d.folder} cannot be written: ${d.problem}`,
    hint: () => 'Choose a writable folder with free space.',
  }),
  file_not_json: row<{ file: string; problem: string }>({
    exit: 2,
    message: (d) => `${d.file} is not valid JSON: ${d.problem}`,
  }),
  compile_failed: row<{ place: string; problem: string }>({
    exit: 5,
    message: (d) => `${d.place}: ${d.problem}`,
    hint: () => 'Fix it, then run the command again.',
  }),
  native_package_imported: row<{ place: string; name: string }>({
    exit: 5,
    message: (d) => `${d.place}: "${d.name}" is a native addon and cannot be bundled into a module`,
    hint: () => 'Import what you need from "ocrhub", which exports pictures, models and every stage of the pipeline.',
  }),
  module_shape: row<{ folder: string; problem: string }>({
    exit: 5,
    message: (d) => `${d.folder} is not a service module: ${d.problem}`,
    hint: () => 'index.ts exports by default what defineModule({ name, version, predict }) returns.',
  }),
  module_load_failed: row<{ folder: string; problem: string }>({
    exit: 5,
    message: (d) => `${d.folder} cannot be loaded: ${d.problem}`,
  }),
  module_of_other_version: row<{ missing: string; version: string }>({
    exit: 5,
    message: (d) =>
      `ocrhub ${d.version} has no "${d.missing}", which the module imports: another version of ocrhub installed it`,
    hint: () => 'Install it again with this one: ocrhub install FOLDER',
  }),
  module_name_illegal: row<{ name: string }>({
    exit: 2,
    message: (d) => `"${d.name}" is not a legal module name: a letter, then at most 63 letters, digits, "_" or "-"`,
    hint: () => 'Write name or name==version, for example ocr_system==1.0.0',
  }),
  module_version_illegal: row<{ name: string; version: string }>({
    exit: 2,
    message: (d) => `"${d.version}" is not a semantic version (of module ${d.name})`,
    hint: () => 'Write three numbers, for example 1.0.0',
  }),
  module_not_installed: row<{ name: string; installed: readonly string[] }>({
    exit: 3,
    message: (d) => `Module ${d.name} is not installed; installed: ${list(d.installed)}${meant(d.name, d.installed)}`,
    hint: (d) =>
      `Install it: ocrhub install ${d.name} (a stock package), or ocrhub install ./${d.name} (your own folder)`,
  }),
  version_not_installed: row<{ name: string; version: string; installed: readonly string[] }>({
    exit: 3,
    message: (d) => `Version ${d.version} of ${d.name} is not installed; installed: ${list(d.installed)}`,
  }),
  registry_damaged: row<{ file: string; problem: string; name: string; version: string; mend: string }>({
    exit: 5,
    message: (d) => `The install of ${d.name} ${d.version} is damaged: ${d.file}: ${d.problem}`,
    hint: (d) => `Fix it: ${d.mend}`,
  }),

  // Models
  model_unknown: row<{ name: string; role: string; known: readonly string[] }>({
    exit: 3,
    message: (d) =>
      `No ${d.role} model "${d.name}": it is neither a known model set (${list(d.known)}) nor a file or folder`,
  }),
  model_missing: row<{ path: string; how: string }>({
    exit: 3,
    message: (d) => `Model file ${d.path} is missing`,
    hint: (d) => d.how,
  }),
  model_corrupt: row<{ path: string; expected: string; actual: string }>({
    exit: 5,
    message: (d) => `Model file ${d.path} is damaged: its SHA-256 is ${d.actual}, expected ${d.expected}`,
    hint: () => 'Reinstall ocrhub if the file came with it; otherwise run ocrhub download again.',
  }),
  model_mismatch: row<{ path: string; problem: string }>({
    exit: 5,
    message: (d) => `Model ${d.path} cannot be used: ${d.problem}`,
  }),
  model_set_unknown: row<{ name: string; known: readonly string[] }>({
    exit: 3,
    message: (d) => `No model set is called "${d.name}"; there are: ${list(d.known)}`,
    hint: () => 'See what each holds: ocrhub models',
  }),
  model_set_exists: row<{ name: string; folder: string }>({
    exit: 4,
    message: (d) => `There is a model set ${d.name} already (${d.folder})`,
    hint: () => 'Choose another --name, or remove that folder.',
  }),
  download_failed: row<{ url: string; problem: string; resumable: boolean }>({
    exit: 5,
    message: (d) => `${d.url} could not be downloaded: ${d.problem}`,
    hint: (d) =>
      d.resumable
        ? 'Run the same command again to resume. Other sources: --mirror URL, or --from FOLDER.'
        : 'Other sources: --mirror URL, or --from FOLDER.',
  }),
  gpu_unavailable: row<{ reason: string }>({
    exit: 2,
    message: (d) => `cannot run on the GPU: ${d.reason}`,
    hint: () =>
      'Set CUDA_VISIBLE_DEVICES and install ocrhub with ONNXRUNTIME_NODE_INSTALL unset (it then brings the CUDA libraries), or run on the CPU.',
  }),

  // Pictures
  image_unreadable: row<{ reason: string }>({
    exit: 5,
    http: 422,
    message: (d) => `not a readable picture: ${d.reason}`,
    hint: () => 'Send a JPEG, PNG, WebP, TIFF, GIF or BMP file.',
  }),
  image_too_large: row<{ width: number; height: number; maxPixels: number }>({
    exit: 5,
    http: 422,
    message: (d) => `the picture has ${d.width} x ${d.height} pixels, more than the limit of ${d.maxPixels}`,
    hint: () => 'Send a smaller picture, or raise the limit: --max_pixels of serving start, and of run.',
  }),
  images_too_large: row<{ limit: number }>({
    exit: 5,
    http: 422,
    message: (d) => `the pictures of the request have more than ${d.limit} pixels together`,
    hint: () => 'Send them in several requests, or start the server with a higher --max_pixels.',
  }),

  // Requests
  token_refused: row<{ given: boolean }>({
    exit: 2,
    http: 401,
    message: (d) => (d.given ? 'The token is not the one of this server' : 'This server asks for a token'),
    hint: () => 'Send it as Authorization: Bearer <token>; ocrhub predict takes it from OCRHUB_TOKEN or --token_file.',
  }),
  module_not_served: row<{ name: string }>({
    exit: 3,
    http: 404,
    status: '111',
    // The original's words: clients compare them.
    message: (d) => `Module ${d.name} is not available.`,
  }),
  path_unknown: row<{ method: string; path: string }>({
    exit: 3,
    http: 404,
    status: '111',
    message: (d) => `There is nothing at ${d.method} ${d.path}; pictures are sent to POST /predict/<module>`,
  }),
  method_not_allowed: row<{ method: string; path: string; allowed: string }>({
    exit: 2,
    http: 405,
    status: '112',
    message: (d) => `${d.method} ${d.path} is not allowed; allowed: ${d.allowed}`,
  }),
  content_type_unknown: row<{ type: string }>({
    exit: 2,
    http: 415,
    status: '112',
    message: (d) => `The content type is "${d.type}"; send the body as application/json, uncompressed`,
  }),
  request_malformed: row<{ problem: string }>({
    exit: 2,
    http: 400,
    status: '112',
    message: (d) => `The request cannot be read: ${d.problem}; expected {"images": [base64, ...]}`,
  }),
  request_not_object: row<{ got: string }>({
    exit: 2,
    http: 400,
    status: '112',
    message: (d) => `The request is ${d.got}; expected an object {"images": [base64, ...]}`,
  }),
  body_too_large: row<{ limit: number }>({
    exit: 2,
    http: 413,
    message: (d) => `The body is larger than ${d.limit} bytes`,
    hint: () => 'Send fewer or smaller pictures, or start the server with a higher --max_body.',
  }),
  body_stalled: row<{ seconds: number }>({
    exit: 5,
    http: 408,
    message: (d) => `The body stopped arriving: nothing came for ${d.seconds} s`,
    hint: () => 'Send it again.',
  }),
  arrivals_full: row<{ limit: number }>({
    exit: 5,
    http: 429,
    message: (d) => `The request bodies being received exceed ${d.limit} bytes together`,
    hint: () => 'Try again later.',
  }),
  images_missing: row<NoDetails>({
    exit: 2,
    http: 400,
    message: () => 'The field "images" is missing; expected a list of base64 strings',
  }),
  images_invalid: row<{ problem: string }>({
    exit: 2,
    http: 400,
    message: (d) => `The field "images" must be a list of base64 strings: ${d.problem}`,
  }),
  images_too_many: row<{ count: number; limit: number }>({
    exit: 2,
    http: 400,
    message: (d) => `The request holds ${d.count} pictures, more than the limit of ${d.limit}`,
    hint: () => 'Send them in several requests.',
  }),
  image_not_base64: row<{ index: number; problem: string }>({
    exit: 2,
    http: 400,
    message: (d) => `images[${d.index}] is not base64: ${d.problem}`,
  }),
  paths_refused: row<NoDetails>({
    exit: 2,
    http: 400,
    message: () => 'The field "paths" is refused: it would read files of the server; send the pictures in "images"',
  }),
  no_image_readable: row<{ unreadable: readonly { index: number; reason: string }[] }>({
    exit: 5,
    http: 422,
    message: (d) => `No picture could be read: ${describeUnreadable(d.unreadable)}`,
  }),
  module_threw: row<{ module: string; problem: string; stack: string; frames: string }>({
    exit: 5,
    http: 500,
    message: (d) => d.problem,
    hint: (d) => d.frames,
  }),
  module_never_answered: row<NoDetails>({
    exit: 5,
    message: () => 'the module never answered: a promise it awaits is never settled',
  }),
  module_ended_process: row<{ code: number }>({
    exit: 5,
    message: (d) => `the module ended the process before it answered (exit code ${d.code})`,
  }),
  module_answer_invalid: row<{ module: string; problem: string }>({
    exit: 5,
    http: 500,
    message: (d) => `Module ${d.module} answered something that cannot be sent: ${d.problem}`,
  }),

  // The pool
  queue_full: row<{ waiting: number; what: 'requests' | 'pictures' | 'bytes' }>({
    exit: 5,
    http: 429,
    message: (d) => `The queue is full: ${d.waiting} ${d.what} are waiting`,
    hint: (d) =>
      d.what === 'bytes'
        ? 'Try again later, or send smaller pictures.'
        : 'Try again later, or start the server with a higher --max_queue.',
  }),
  deadline_missed: row<{ seconds: number }>({
    exit: 5,
    http: 504,
    message: (d) => `The request took longer than ${d.seconds} s`,
    hint: () => 'Send fewer or smaller pictures, or start the server with a higher --timeout.',
  }),
  process_start_failed: row<{ end: string; output: string }>({
    exit: 5,
    message: (d) =>
      `An inference process ended while it was starting (${d.end})${d.output === '' ? '' : `:\n${d.output}`}`,
  }),
  module_start_failed: row<{ module: string; problem: string; hint: string }>({
    exit: 5,
    http: 503,
    message: (d) => `Module ${d.module} cannot be started: ${d.problem}`,
    hint: (d) => d.hint,
  }),
  module_values_refused: row<{ module: string; problem: string; hint: string }>({
    exit: 2,
    http: 503,
    message: (d) => `Module ${d.module} cannot be started: ${d.problem}`,
    hint: (d) => d.hint,
  }),
  process_died: row<{ end: string }>({
    exit: 5,
    http: 503,
    message: (d) => `The inference process ended twice while it worked on this request (${d.end})`,
  }),
  not_ready: row<{ state: string; reason: string }>({
    exit: 5,
    http: 503,
    message: (d) => `The server is ${d.state}${d.reason === '' ? '' : `: ${d.reason}`}`,
  }),
  client_gone: row<NoDetails>({
    exit: 5,
    // nginx's number for a client that closed its connection; nobody reads it but the log.
    http: 499,
    message: () => 'The client closed the connection',
  }),
  internal: row<{ problem: string }>({
    exit: 1,
    http: 500,
    message: (d) => `Something went wrong inside ocrhub: ${d.problem}`,
    hint: () => 'This is a bug; please report it with the lines of: ocrhub serving logs -p PORT',
  }),
} as const;
