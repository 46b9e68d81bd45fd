import { isDamaged } from '../../registry/damage.js';
import { getInstalled } from '../../registry/store.js';
import type { Home } from '../../config/home.js';
import type { ServedModule } from '../../options/serve-options.js';

/** How a served copy differs from the copy that a restart would serve. */
export interface Staleness {
  /** Whether another copy is installed. False if the installed copy is damaged. */
  readonly changed: boolean;
  /** False if the module was uninstalled after the start; the server keeps its own copy. */
  readonly installed: boolean;
  /** The command that repairs a damaged install, which no restart can serve; null if it is intact or uninstalled. */
  readonly damaged: { readonly mend: string } | null;
}

/** A module that is served from its author's folder is never stale. */
export async function compareWithInstalled(
  home: Home,
  { name, version, pinned, folder, hash }: Pick<ServedModule, 'name' | 'version' | 'pinned' | 'folder' | 'hash'>,
): Promise<Staleness> {
  if (folder !== undefined) return { installed: true, changed: false, damaged: null };
  try {
    const installed = await getInstalled(home, { name, version: pinned ? version : undefined });
    return { installed: true, changed: installed.hash !== hash, damaged: null };
  } catch (error) {
    if (isDamaged(error)) return { installed: true, changed: false, damaged: { mend: error.details.mend } };
    return { installed: false, changed: true, damaged: null };
  }
}

/** The copies that prevent a restart of their server, which needs all its modules intact. */
export function restartBlockers<S extends Staleness>(copies: readonly S[]): S[] {
  return copies.filter(({ installed, damaged }) => !installed || damaged !== null);
}
