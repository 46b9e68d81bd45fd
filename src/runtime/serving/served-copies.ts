import { getInstalled, isDamaged } from '../registry/store.js';
import type { Home } from '../settings.js';
import { isAlive, readHealth } from './identity.js';
import type { ServedModule } from './options.js';
import { listStates } from './state.js';

/** A module as a running server serves it. */
export interface ServedCopy extends Freshness {
  readonly port: number;
  readonly route: string;
  readonly name: string;
  readonly version: string;
  /** Content hash of the copy that the server keeps. */
  readonly hash: string;
  /** The author's folder, when that is served instead of what is installed. */
  readonly folder: string | undefined;
}

/** How a served copy compares with what a restart would serve. */
export interface Freshness {
  /** The installed copy is another one than the one that is served. Of a damaged one nobody can say. */
  readonly changed: boolean;
  /** False when it has been uninstalled since the start; the server keeps its copy. */
  readonly installed: boolean;
  /** What mends the install, where it is damaged and no restart can serve it; null where it is whole or gone. */
  readonly damaged: { readonly mend: string } | null;
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
      return Promise.all(modules.map(async (module) => toServedCopy(state.port, module, await compare(home, module))));
    }),
  );
  return served.flat();
}

/** A module that is served from its author's folder has nothing to do with what is installed. */
export async function compare(
  home: Home,
  { name, version, pinned, folder, hash }: Pick<ServedModule, 'name' | 'version' | 'pinned' | 'folder' | 'hash'>,
): Promise<Freshness> {
  if (folder !== undefined) return { installed: true, changed: false, damaged: null };
  try {
    const now = await getInstalled(home, { name, version: pinned ? version : undefined });
    return { installed: true, changed: now.hash !== hash, damaged: null };
  } catch (error) {
    if (isDamaged(error)) return { installed: true, changed: false, damaged: { mend: error.details.mend } };
    return { installed: false, changed: true, damaged: null };
  }
}

function toServedCopy(port: number, module: ServedModule, freshness: Freshness): ServedCopy {
  const { route, name, version, hash, folder } = module;
  return { port, route, name, version, hash, folder, ...freshness };
}
