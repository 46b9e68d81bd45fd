import { Args, Flags } from '@oclif/core';
import { downloadSet, type DownloadResult } from '../runtime/models/download/download.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { createDownloadBar } from './_bars.js';
import { formatBytes } from './_text.js';

export default class Download extends BaseCommand {
  static override summary = 'download a model set';
  static override description =
    'Resumes an earlier download and checks the SHA-256 of each file. If none is known, the SHA-256 of the first download is stored beside the file and checked from then on. HTTPS_PROXY, HTTP_PROXY and NO_PROXY set a proxy. `ocrhub models` lists the sets.';
  static override examples = [
    '<%= config.bin %> download ppocrv5-mobile',
    '<%= config.bin %> download ppocrv6-tiny --mirror https://mirror.example.org/huggingface',
    '<%= config.bin %> download ppocrv5-mobile --from ./models',
  ];
  static override args = {
    name: Args.string({ description: 'name of the set', required: true }),
  };
  static override flags = {
    mirror: Flags.string({
      description: 'base URL that replaces the scheme and host of the official URL',
      helpValue: 'URL',
    }),
    from: Flags.string({
      description: 'a folder or a file to copy the models from, without a network; may be repeated',
      helpValue: 'FILE|FOLDER',
      multiple: true,
      multipleNonGreedy: true,
      exclusive: ['mirror'],
    }),
  };

  override async run(): Promise<DownloadResult> {
    const { args, flags } = await this.parse(Download);
    const bar = createDownloadBar();
    const result = await downloadSet(resolveHome(), args.name, {
      mirror: flags.mirror,
      from: flags.from,
      onBytes: (file, received, total) => bar.show(file, received, total),
    }).finally(() => bar.end());
    this.log(describe(result));
    return result;
  }
}

function describe({ name, path, files }: DownloadResult): string {
  const fetched = files.some((file) => file.fetched);
  const lines = files.map(({ file, bytes, sha256, pinned }) => {
    const note = pinned ? `SHA-256 not known beforehand, noted: ${sha256}` : 'SHA-256 as expected';
    return `  ${file}  ${formatBytes(bytes)}  ${note}`;
  });
  return [fetched ? `${name} is in ${path}` : `${name} is here already: ${path}`, ...lines].join('\n');
}
