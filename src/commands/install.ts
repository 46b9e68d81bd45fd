import { Args } from '@oclif/core';
import { installPackages, type InstallResult } from '../runtime/registry/install.js';
import { removeUnusedCopies } from '../runtime/servers/copies/copies-in-use.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';

export default class Install extends BaseCommand {
  static override summary = 'compile a package and install it into the local registry';
  static override description =
    'A path is a folder with index.ts, module.ts and params.ts; a bare name is a package that comes with ocrhub. Installing the same name and version again replaces it; running servers keep their copies.';
  static override examples = ['<%= config.bin %> install ocr_system', '<%= config.bin %> install ./my_ocr'];
  static override strict = false;
  static override args = {
    package: Args.string({
      description: 'folder of a package, or the name of a stock package; several may follow',
      required: true,
    }),
  };

  override async run(): Promise<InstallJson | InstallJson[]> {
    const { argv } = await this.parse(Install);
    const home = resolveHome();
    const results = await installPackages(home, argv as string[]);
    for (const { replaced, name, version } of results)
      this.log(`${replaced ? 'Replaced' : 'Installed'} ${name} ${version}`);
    const installed = results.map(toJson);
    await removeUnusedCopies(home);
    const [only] = installed;
    return installed.length === 1 && only !== undefined ? only : installed;
  }
}

type InstallJson = Pick<InstallResult, 'name' | 'version' | 'path' | 'replaced' | 'hash'>;

function toJson({ name, version, path, replaced, hash }: InstallResult): InstallJson {
  return { name, version, path, replaced, hash };
}
