import type { Home } from '../../config/home.js';
import { compareWithInstalled, type Staleness } from './staleness.js';
import { readHealth } from '../health.js';
import { isAlive } from '../state/liveness.js';
import type { ServedModule } from '../../options/serve-options.js';
import { listStates } from '../state/state-file.js';

/** A module as a running server serves it. */
export interface ServedCopy extends Staleness {
  readonly port: number;
  readonly route: string;
  readonly name: string;
  readonly version: string;
  /** Content hash of the copy that the server keeps. */
  readonly hash: string;
  /** The author's folder, when that is served instead of what is installed. */
  readonly folder: string | undefined;
}

/** What all running servers of this home folder serve, by port. */
export async function listServedCopies(home: Home): Promise<ServedCopy[]> {
  const states = await listStates(home);
  const served = await Promise.all(
    states.map(async (state) => {
      if (!(await isAlive(home, state))) return [];
      // With --allow_partial a module may be named in the state file and not be served.
      const missing = (await readHealth(state))?.modules.filter(({ problem }) => problem !== '') ?? [];
      const modules = state.options.modules.filter(({ route }) => missing.every((other) => other.route !== route));
      return Promise.all(
        modules.map(async (module) => toServedCopy(state.port, module, await compareWithInstalled(home, module))),
      );
    }),
  );
  return served.flat();
}

function toServedCopy(port: number, module: ServedModule, freshness: Staleness): ServedCopy {
  const { route, name, version, hash, folder } = module;
  return { port, route, name, version, hash, folder, ...freshness };
}
