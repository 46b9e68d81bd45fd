import inspector from 'node:inspector';
import { Args, Flags } from '@oclif/core';
import { listPictures } from '../runtime/client/pictures.js';
import type { LocalResult } from '../runtime/serving/in-process.js';
import { resolveHome } from '../runtime/settings.js';
import { BaseCommand } from './_base.js';
import { entryLines } from './_entry.js';

export default class Run extends BaseCommand {
  static override summary = "run a module's predict in this process, without a server";
  static override description =
    'The module is an installed name, or a folder, which is compiled and run as it is. Prints each result and where its time went.';
  static override examples = [
    '<%= config.bin %> run ocr_system page.jpg',
    '<%= config.bin %> run ./my_ocr ./scans --set drop_score=0.7',
    '<%= config.bin %> run ./my_ocr page.jpg --inspect',
  ];
  static override strict = false;
  static override args = {
    module: Args.string({ description: 'installed module, or folder of a package', required: true }),
    image_path: Args.string({ description: 'a picture or a folder of pictures; several may follow', required: true }),
  };
  static override flags = {
    set: Flags.string({ description: 'a parameter: drop_score=0.7', multiple: true, multipleNonGreedy: true }),
    inspect: Flags.boolean({
      description: 'wait for a debugger, which shows your TypeScript; the word debugger in it is where to stop',
    }),
  };

  override async run(): Promise<LocalResult[]> {
    const { argv, flags } = await this.parse(Run);
    const [module = '', ...paths] = argv as string[];
    const files = await listPictures(paths);
    if (flags.inspect) waitForDebugger();
    // Not before it is needed: the engine takes a while to load, and --help should not wait for it.
    const { LocalService } = await import('../runtime/serving/in-process.js');
    const service = await LocalService.open(resolveHome(), module, flags.set ?? [], !flags.inspect);
    const results: LocalResult[] = [];
    for (const file of files) {
      const result = await service.predict(file);
      this.log(describe(result));
      results.push(result);
    }
    return results;
  }
}

/** On the port where debuggers look; on a free one where another process has that. Node says which on stderr. */
function waitForDebugger(): void {
  // NODE_OPTIONS may have opened one already.
  if (inspector.url() === undefined) inspector.open(9229, '127.0.0.1');
  if (inspector.url() === undefined) inspector.open(0, '127.0.0.1');
  inspector.waitForDebugger();
}

function describe({ file, ms, stages, result }: LocalResult): string {
  const times = Object.entries(stages).map(([stage, time]) => `${stage} ${time.toFixed(0)}`);
  return [`${file}  ${ms.toFixed(0)} ms (${times.join(', ')})`, ...entryLines(result)].join('\n');
}
