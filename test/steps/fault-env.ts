import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../helpers/cli.js';

/** Where a process is interrupted. */
export interface Fault {
  /** The number of the call that changes a file, from 1; 0: each. */
  readonly at: number;
  /**
   * `kill` before the call, or in the middle of it (`half`); `pause`: a second before the call; otherwise the code of the error that the
   * call throws.
   */
  readonly kind: string;
}

export interface Faulty {
  /** The folders whose changes count. */
  readonly below: readonly string[];
  /** Part of the path of the process that is meant. Default: the command itself. */
  readonly entry?: string;
  /** Calls count when this file exists. Default: always. */
  readonly armed?: string;
  /** Gets a line for each call: `NUMBER NAME PATH`. */
  readonly log?: string;
}

/** The environment in which `fault.mjs` is loaded before a program. Without a fault calls are only counted. */
export function faultEnv({ below, entry = 'bin/run.js', armed, log }: Faulty, fault?: Fault): NodeJS.ProcessEnv {
  return {
    NODE_OPTIONS: `--import ${pathToFileURL(path.join(root, 'test', 'steps', 'fault.mjs')).href}`,
    FAULT_BELOW: below.join('\n'),
    FAULT_ENTRY: entry,
    FAULT_ARMED: armed,
    FAULT_LOG: log,
    FAULT_AT: fault === undefined ? undefined : String(fault.at),
    FAULT_KIND: fault?.kind,
  };
}
