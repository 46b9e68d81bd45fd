import { engineVersion } from '../runtime/inference/backends/version.js';
import { packageVersion } from '../runtime/package.js';
import { BaseCommand } from './_base.js';

export default class Version extends BaseCommand {
  static override summary = 'print the versions of ocrhub, Node and the engine';
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> version --json'];

  override async run(): Promise<VersionJson> {
    await this.parse(Version);
    const versions = {
      ocrhub: packageVersion,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      onnxruntime: await engineVersion(),
    };
    for (const [name, version] of Object.entries(versions)) this.log(`${name.padEnd(11)}  ${version}`);
    return versions;
  }
}

interface VersionJson {
  readonly ocrhub: string;
  readonly node: string;
  readonly platform: string;
  readonly onnxruntime: string;
}
