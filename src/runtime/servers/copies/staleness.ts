import { getInstalled, isDamaged } from '../../registry/store.js';
import type { Home } from '../../config/home.js';
import type { ServedModule } from '../../options/serve-options.js';

/** How a served copy compares with what a restart would serve. */
export interface Staleness {
  /** The installed copy is another one than the one that is served. Of a damaged one nobody can say. */
  readonly changed: boolean;
  /** False when it has been uninstalled since the start; the server keeps its copy. */
  readonly installed: boolean;
  /** What mends the install, where it is damaged and no restart can serve it; null where it is whole or gone. */
  readonly damaged: { readonly mend: string } | null;
}

/** A module that is served from its author's folder has nothing to do with what is installed. */
export async function compareWithInstalled(
  home: Home,
  { name, version, pinned, folder, hash }: Pick<ServedModule, 'name' | 'version' | 'pinned' | 'folder' | 'hash'>,
): Promise<Staleness> {
  if (folder !== undefined) return { installed: true, changed: false, damaged: null };
  try {
    const now = await getInstalled(home, { name, version: pinned ? version : undefined });
    return { installed: true, changed: now.hash !== hash, damaged: null };
  } catch (error) {
    if (isDamaged(error)) return { installed: true, changed: false, damaged: { mend: error.details.mend } };
    return { installed: false, changed: true, damaged: null };
  }
}

/** The copies that keep their server from a restart, which needs all its modules whole. */
export function restartBlockers<F extends Staleness>(copies: readonly F[]): F[] {
  return copies.filter(({ installed, damaged }) => !installed || damaged !== null);
}
