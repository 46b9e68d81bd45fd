import type { Home } from '../../config/home.js';
import { readHealth } from '../health.js';
import { listStates } from '../state/find.js';
import { isAlive } from '../state/liveness.js';
import type { ServerState } from '../state/server-state.js';
import { compareWithInstalled, type Staleness } from './staleness.js';

/** A module that a running server serves. */
export interface ServedCopy extends Staleness {
  readonly port: number;
  readonly route: string;
  readonly name: string;
  readonly version: string;
  /** Content hash of the served copy. */
  readonly hash: string;
  /** The author's folder, if that is served instead of an installed module. */
  readonly folder: string | undefined;
}

/** The modules that all running servers of this home folder serve, sorted by port. */
export async function listServedCopies(home: Home): Promise<ServedCopy[]> {
  const states = await listStates(home);
  return (await Promise.all(states.map((state) => copiesOf(home, state)))).flat();
}

async function copiesOf(home: Home, state: ServerState): Promise<ServedCopy[]> {
  if (!(await isAlive(home, state))) return [];
  // With --allow_partial the options may name modules that could not be loaded.
  const failed = (await readHealth(state))?.modules.filter(({ problem }) => problem !== '') ?? [];
  const served = state.options.modules.filter(({ route }) => failed.every((other) => other.route !== route));
  return Promise.all(
    served.map(async (module) => {
      const { route, name, version, hash, folder } = module;
      return { port: state.port, route, name, version, hash, folder, ...(await compareWithInstalled(home, module)) };
    }),
  );
}
