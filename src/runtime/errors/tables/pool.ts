import { row, type NoDetails } from '../row.js';
import { withOutput } from '../wording.js';

/** The queue, and the inference processes behind it. */
export const poolErrors = {
  queue_full: row<{ waiting: number; what: 'requests' | 'pictures' | 'bytes' }>({
    kind: 'overloaded',
    message: (d) => `The queue is full: ${d.waiting} ${d.what} are waiting`,
    hint: (d) =>
      d.what === 'bytes'
        ? 'Try again later, or send smaller pictures.'
        : 'Try again later, or start the server with a higher --max_queue.',
  }),
  deadline_missed: row<{ seconds: number }>({
    kind: 'timeout',
    message: (d) => `The request took longer than ${d.seconds} s`,
    hint: () => 'Send fewer or smaller pictures, or start the server with a higher --timeout.',
  }),
  process_start_failed: row<{ end: string; output: string }>({
    kind: 'failed',
    message: (d) => `An inference process ended while it was starting (${d.end})${withOutput(d.output)}`,
  }),
  module_start_failed: row<StartFailure>({
    kind: 'unavailable',
    message: (d) => `Module ${d.module} cannot be started: ${d.problem}`,
    hint: (d) => d.hint,
  }),
  module_values_refused: row<StartFailure>({
    kind: 'unavailable',
    // The user wrote the value; a request only meets its effect.
    exit: 2,
    message: (d) => `Module ${d.module} cannot be started: ${d.problem}`,
    hint: (d) => d.hint,
  }),
  // Outcomes of jobs that an older version wrote have no `times`: it was always twice.
  process_died: row<{ end: string; times?: number }>({
    kind: 'unavailable',
    message: ({ end, times = 2 }) =>
      `The inference process ended ${times === 2 ? 'twice' : `${times} times`} while it worked on this request (${end})`,
  }),
  not_ready: row<{ state: string; reason: string }>({
    kind: 'unavailable',
    message: (d) => `The server is ${d.state}${d.reason === '' ? '' : `: ${d.reason}`}`,
  }),
  client_gone: row<NoDetails>({
    kind: 'cancelled',
    message: () => 'The client closed the connection',
  }),
  internal: row<{ problem: string }>({
    kind: 'internal',
    message: (d) => `Something went wrong inside ocrhub: ${d.problem}`,
    hint: () => 'This is a bug; please report it with the lines of: ocrhub serving logs -p PORT',
  }),
} as const;

export interface StartFailure {
  readonly module: string;
  /** Message and hint of the error that kept the module from starting. */
  readonly problem: string;
  readonly hint: string;
  /** That error's code, if it is known. */
  readonly cause?: { readonly code: string } | undefined;
}
