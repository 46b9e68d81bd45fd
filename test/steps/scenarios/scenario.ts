import { readdir } from 'node:fs/promises';

/** Where a scenario happens. Each interrupted run has a copy of the folder, and a port of its own. */
export interface Place {
  /** Holds `home`, and whatever else the scenario needs. */
  readonly folder: string;
  readonly home: string;
  readonly port: number;
}

/** A command that changes files, and how to see what is there. */
export interface Scenario {
  readonly title: string;
  /** Makes what is there before the command. */
  prepare(place: Place): Promise<void>;
  /** Makes what cannot be copied, such as a server that runs. */
  begin?(place: Place, env: NodeJS.ProcessEnv): Promise<void>;
  /** The command, given in the folder. */
  args(place: Place): readonly string[];
  /** Folders whose changes count, below the folder. */
  readonly below: readonly string[];
  /** Part of the path of the process that is interrupted, which `begin` starts if there is one. Default: the command itself. */
  readonly entry?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What a user finds. It names no path and no port, because both differ between the runs. */
  state(place: Place): Promise<unknown>;
  /** Further states that a command or server that was interrupted may leave. `rescue` leads from them to the new state. */
  readonly otherStates?: readonly unknown[];
  /** Default: the same command. */
  rescue?(place: Place): readonly string[];
  /** Exit codes of the same command when it has nothing to do any more. Default: 0. */
  readonly whenDone?: readonly number[];
  /** Ends what still runs. */
  end?(place: Place): Promise<void>;
}

/** The paths below a folder, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true }).catch(() => [])).sort();
}
