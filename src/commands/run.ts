import { Args, Flags } from '@oclif/core';
import { OcrHubError } from '../runtime/errors/error.js';
import type { Input } from '../runtime/inputs/input.js';
import { listInputs } from '../runtime/inputs/list.js';
import { optionTable } from '../runtime/options/option-table.js';
import { drawingNames } from '../runtime/outputs/drawing-names.js';
import { defaultDebugPort, waitForDebugger } from '../runtime/process/debugger.js';
import { resolveHome } from '../runtime/config/home.js';
import { splitFields } from '../runtime/service/reading.js';
import { BaseCommand, toFailure, type Failure } from './_base.js';
import { allowBareVisualize, documentFields, imagePathHelp, outputFlags, readingFlags } from './_file-flags.js';
import { FileResults } from './_file-results.js';
import { repeatFlags } from './_flags.js';
import { readLocally, type LocalResult } from './_local-results.js';
import { splitModule } from './_module-argument.js';
import { runUserCode } from './_user-code.js';

export default class Run extends BaseCommand {
  static override summary = 'read pictures and documents in this process, without a server';
  static override description =
    'Without a module it reads with the stock module ocr_system, which needs not be installed, and prints the text. With a module, an installed name or the folder of a package, it prints each line with its confidence, and where the time went. The first argument is the module unless it is a file, a folder of files, a pattern or -; --module names it in any case. A file that fails does not stop the others; the exit code is 5 then.';
  static override examples = [
    '<%= config.bin %> run page.jpg',
    '<%= config.bin %> run scan.pdf --pages 1-3 -o scan.docx',
    '<%= config.bin %> run ./scans "faxes/*.tif" -f hocr -o out/ --resume',
    'curl -s https://example.com/page.png | <%= config.bin %> run - -f markdown',
    '<%= config.bin %> run ocr_system page.jpg --visualize',
    '<%= config.bin %> run ./my_ocr ./scans --set drop_score=0.7 use_angle_cls=true',
    '<%= config.bin %> run ./my_ocr page.jpg --field det_limit_side_len=1280',
    '<%= config.bin %> run ./my_ocr page.jpg --inspect',
  ];
  static override strict = false;
  static override args = {
    module: Args.string({
      description: 'installed module, or folder of a package; may be left out',
      ignoreStdin: true,
    }),
    image_path: Args.string({ description: imagePathHelp, ignoreStdin: true }),
  };
  static override flags = {
    module: Flags.string({ char: 'm', description: 'the module; all arguments are files then' }),
    set: Flags.string({
      description: 'a parameter: drop_score=0.7; several may follow',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'PARAMETER=VALUE',
    }),
    ...readingFlags,
    ...outputFlags,
    max_pages: Flags.integer({
      aliases: ['max-pages'],
      description: 'maximum pages of a file [default: no maximum]',
      min: 1,
    }),
    max_pixels: Flags.string({
      aliases: ['max-pixels'],
      description: `maximum size of a page [default: ${optionTable.max_pixels.defaultText}]`,
    }),
    inspect: Flags.boolean({
      description: 'wait for a debugger to attach; put a debugger statement where it should stop',
    }),
    inspect_port: Flags.integer({
      aliases: ['inspect-port'],
      description: 'as --inspect, on this port [default: 9229]; 0: a free one',
      min: 0,
      max: 65535,
      helpValue: 'PORT',
    }),
  };

  override async run(): Promise<(LocalResult | Failure)[]> {
    const words = allowBareVisualize(repeatFlags(this.argv, ['set', 'field']));
    const { argv, flags } = await this.parse(Run, words);
    const { module, paths } = await splitModule(argv as string[], flags.module);
    if (paths.length === 0)
      throw new OcrHubError('no_inputs', { module: flags.module === undefined ? module : undefined });
    const { reading } = splitFields({ ...documentFields(flags) }, [], 'Flags');
    const inputs = await listInputs(paths);
    const results = await FileResults.open<LocalResult>(inputs, flags, module === undefined ? 'text' : undefined);
    const names = flags.visualize === undefined ? [] : drawingNames(inputs, flags.visualize || undefined);
    const isInspected = flags.inspect || flags.inspect_port !== undefined;
    if (isInspected) await waitForDebugger(flags.inspect_port ?? defaultDebugPort);
    /** The file that is being read; none while the module starts. */
    let file: Input | undefined;
    const read = async (): Promise<void> => {
      // Not before it is needed: the engine takes a while to load, and --help should not wait for it.
      const { LocalModule } = await import('../runtime/worker/local-module.js');
      results.interrupt.hold();
      const service = await LocalModule.open(resolveHome(), module, {
        set: flags.set ?? [],
        fields: flags.field ?? [],
        reading,
        format: results.format,
        maxPixels: flags.max_pixels,
        maxPages: flags.max_pages,
        warmUp: module !== undefined && !isInspected,
        onWarning: (text) => this.note(`Warning: ${text}`),
      });
      results.interrupt.check();
      const reader = { service, results, reading, paragraphs: flags.paragraphs };
      for (file of results.inputs) {
        await readLocally(file, reader, names[inputs.indexOf(file)]);
        results.interrupt.check();
      }
    };
    const onExit = (code: number): void => {
      if (results.interrupt.isEnding) return;
      const error = new OcrHubError('module_ended_process', { code });
      process.exitCode = error.exitCode;
      results.bar.end();
      if (file !== undefined) {
        results.fail(toFailure(file.file, error));
        this.noteFailures(results);
      } else if (!this.jsonEnabled()) {
        this.note(`Error: ${error.message}`);
      }
      if (this.jsonEnabled()) this.logJson(file === undefined ? this.toErrorJson(error) : results.all);
    };
    try {
      if (results.inputs.length > 0) await runUserCode(read, { json: this.jsonEnabled(), onExit });
    } finally {
      results.end();
    }
    this.noteFailures(results);
    return results.all;
  }
}
