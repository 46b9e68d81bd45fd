import type { Home } from '../../config/home.js';
import { OcrHubError } from '../../errors/error.js';
import { moduleOfArgument } from '../../options/requested-modules.js';
import type { ServedModule } from '../../options/serve-options.js';
import { packageVersion } from '../../package.js';
import { getInstalled } from '../../registry/store.js';
import { listStock, stockFolderOf } from '../../registry/package-folder.js';
import type { Identity } from '../plan/identity.js';

/**
 * The module of a run on this machine: the installed one, or the stock module of this name.
 *
 * @throws OcrHubError `run_needs` if this machine would answer otherwise than the one that planned the run, and those of
 *   `getInstalled`
 */
export async function moduleOfRun(home: Home, { module, version, hash, set, ocrhub }: Identity): Promise<ServedModule> {
  if (ocrhub !== packageVersion)
    throw new OcrHubError('run_needs', { what: 'ocrhub', was: ocrhub, is: packageVersion });
  const values = Object.entries(set).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const installed = await getInstalled(home, { name: module, version }).catch((error: unknown) => error);
  const isStock = OcrHubError.is(installed) && (await listStock()).includes(module);
  const argument = isStock ? stockFolderOf(module) : `${module}==${version}`;
  const found = await moduleOfArgument(home, argument, values);
  if (found.hash !== hash) {
    const describe = (is: string, of: string): string => `${module}==${is} with hash ${of.slice(0, 12)}`;
    throw new OcrHubError('run_needs', {
      what: 'module',
      was: describe(version, hash),
      is: describe(found.version, found.hash),
    });
  }
  return found;
}
