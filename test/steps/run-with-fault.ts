import { readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ocrhub, root, type CliResult } from '../helpers/cli.js';

/** Where a command is interrupted. */
export interface Fault {
  /** The number of the call that changes a file, from 1. */
  readonly at: number;
  /** `kill` before the call, or in the middle of it (`half`); otherwise the code of the error that the call throws. */
  readonly kind: string;
}

export interface Faulty {
  /** The folders whose changes count. */
  readonly below: readonly string[];
  /** Part of the path of the process that is meant. Default: the command itself. */
  readonly entry?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The environment in which `fault.mjs` is loaded before a program. */
function faultEnv({ below, entry = 'bin/run.js', env }: Faulty, fault?: Fault, log?: string): NodeJS.ProcessEnv {
  return {
    ...env,
    NODE_OPTIONS: `--import ${pathToFileURL(path.join(root, 'test', 'steps', 'fault.mjs')).href}`,
    FAULT_BELOW: below.join('\n'),
    FAULT_ENTRY: entry,
    FAULT_LOG: log,
    FAULT_AT: fault === undefined ? undefined : String(fault.at),
    FAULT_KIND: fault?.kind,
  };
}

/** Runs a command and interrupts it. */
export function runWithFault(home: string, args: readonly string[], how: Faulty, fault: Fault): Promise<CliResult> {
  return ocrhub(home, args, {
    ...(how.cwd === undefined ? {} : { cwd: how.cwd }),
    env: faultEnv(how, fault),
    timeout: 120_000,
  });
}

/** Runs a command and returns the calls that change files, as `NUMBER NAME PATH`. */
export async function callsOf(home: string, args: readonly string[], how: Faulty): Promise<string[]> {
  // Not below the folders, whose changes are counted.
  const log = path.join(os.tmpdir(), `ocrhub-calls-${process.pid}`);
  const cwd = how.cwd === undefined ? {} : { cwd: how.cwd };
  const { code, stdout, stderr } = await ocrhub(home, args, { ...cwd, env: faultEnv(how, undefined, log) });
  if (code !== 0) throw new Error(`ocrhub ${args.join(' ')} exited with ${String(code)}\n${stdout}\n${stderr}`);
  const calls = (await readFile(log, 'utf8')).trimEnd().split('\n');
  await rm(log);
  return calls;
}
