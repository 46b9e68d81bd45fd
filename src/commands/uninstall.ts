import { Args } from '@oclif/core';
import { parseModuleId } from '../runtime/registry/module-id.js';
import { uninstallModule, type UninstallResult } from '../runtime/registry/uninstall.js';
import { listServedCopies, type ServedCopy } from '../runtime/servers/copies/served-copies.js';
import { removeUnusedCopies } from '../runtime/servers/copies/copies-in-use.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';

export default class Uninstall extends BaseCommand {
  static override summary = 'remove modules from the local registry';
  static override description =
    'A name without a version removes all versions. Running servers keep their copies, and are listed.';
  static override examples = [
    '<%= config.bin %> uninstall ocr_system',
    '<%= config.bin %> uninstall ocr_system==1.0.0',
  ];
  static override strict = false;
  static override args = {
    module: Args.string({ description: 'name, or name==version; several may follow', required: true }),
  };

  override async run(): Promise<UninstallJson | UninstallJson[]> {
    const { argv } = await this.parse(Uninstall);
    const home = resolveHome();
    const ids = (argv as string[]).map(parseModuleId);
    const served = await listServedCopies(home);
    const results: UninstallJson[] = [];
    for (const id of ids) {
      const removed = await uninstallModule(home, id);
      const result = { ...removed, servedOn: serversOf(removed, served) };
      if (result.versions.length === 0)
        this.log(`${id.name}${id.version === undefined ? '' : ` ${id.version}`} is not installed`);
      else this.log(`Uninstalled ${result.name} ${result.versions.join(', ')}`);
      for (const { port, route, version } of result.servedOn)
        this.log(`  port ${port} keeps serving its copy of ${version} as ${route} until its server is stopped`);
      results.push(result);
    }
    await removeUnusedCopies(home);
    const [only] = results;
    return results.length === 1 && only !== undefined ? only : results;
  }
}

interface UninstallJson extends UninstallResult {
  /** Servers that keep serving a removed version. */
  readonly servedOn: readonly Pick<ServedCopy, 'port' | 'route' | 'version'>[];
}

function serversOf({ name, versions }: UninstallResult, served: readonly ServedCopy[]): UninstallJson['servedOn'] {
  return served
    .filter((copy) => copy.folder === undefined && copy.name === name && versions.includes(copy.version))
    .map(({ port, route, version }) => ({ port, route, version }));
}
