import { Args } from '@oclif/core';
import { parseModuleId } from '../runtime/registry/module-id.js';
import { removeUnreferenced } from '../runtime/registry/store.js';
import { uninstallModule, type UninstallResult } from '../runtime/registry/uninstall.js';
import { pinnedHashes } from '../runtime/serving/state.js';
import { resolveHome } from '../runtime/settings.js';
import { BaseCommand } from './_base.js';

export default class Uninstall extends BaseCommand {
  static override summary = 'remove modules from the local registry';
  static override description = 'A name alone removes all its versions. Servers that run keep what they started with.';
  static override examples = [
    '<%= config.bin %> uninstall ocr_system',
    '<%= config.bin %> uninstall ocr_system==1.0.0',
  ];
  static override strict = false;
  static override args = {
    module: Args.string({ description: 'name, or name==version; several may follow', required: true }),
  };

  override async run(): Promise<UninstallResult | UninstallResult[]> {
    const { argv } = await this.parse(Uninstall);
    const home = resolveHome();
    const results: UninstallResult[] = [];
    for (const id of (argv as string[]).map(parseModuleId)) {
      const result = await uninstallModule(home, id);
      if (result.versions.length === 0)
        this.log(`${id.name}${id.version === undefined ? '' : ` ${id.version}`} is not installed`);
      else this.log(`Uninstalled ${result.name} ${result.versions.join(', ')}`);
      results.push(result);
    }
    await removeUnreferenced(home, await pinnedHashes(home));
    const [only] = results;
    return results.length === 1 && only !== undefined ? only : results;
  }
}
