import { Args, Flags } from '@oclif/core';
import { entryToRows, pageToRows } from '../runtime/document/formats/text.js';
import { toPage } from '../runtime/document/page.js';
import { OcrHubError } from '../runtime/errors/error.js';
import { listPictures } from '../runtime/client/pictures.js';
import { defaultDebugPort, waitForDebugger } from '../runtime/process/debugger.js';
import type { LocalModule, LocalPage, LocalResult } from '../runtime/worker/local-module.js';
import { optionTable } from '../runtime/options/option-table.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand, toFailure, type Failure } from './_base.js';
import { repeatFlags } from './_flags.js';
import { runUserCode } from './_user-code.js';

export default class Run extends BaseCommand {
  static override summary = "run a module's predict in this process, without a server";
  static override description =
    'The module is an installed name, or a folder, which is compiled and run as it is. Prints each result and where its time went. A TIFF file is read with all its pages. A picture that fails does not stop the others; the exit code is 5 then.';
  static override examples = [
    '<%= config.bin %> run ocr_system page.jpg',
    '<%= config.bin %> run ./my_ocr ./scans --set drop_score=0.7 use_angle_cls=true',
    '<%= config.bin %> run ./my_ocr page.jpg --field det_limit_side_len=1280',
    '<%= config.bin %> run ./my_ocr page.jpg --inspect',
  ];
  static override strict = false;
  static override args = {
    module: Args.string({ description: 'installed module, or folder of a package', required: true }),
    image_path: Args.string({ description: 'a picture or a folder of pictures; several may follow', required: true }),
  };
  static override flags = {
    set: Flags.string({
      description: 'a parameter: drop_score=0.7; several may follow',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'PARAMETER=VALUE',
    }),
    field: Flags.string({
      description: 'what a request says beside its picture: det_limit_side_len=1280; several may follow',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
    }),
    max_pixels: Flags.string({
      aliases: ['max-pixels'],
      description: `largest picture [default: ${optionTable.max_pixels.defaultText}]`,
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

  override async run(): Promise<RunJson[]> {
    const { argv, flags } = await this.parse(Run, repeatFlags(this.argv, ['set', 'field']));
    const [module = '', ...paths] = argv as string[];
    const files = await listPictures(paths);
    const isInspected = flags.inspect || flags.inspect_port !== undefined;
    if (isInspected) await waitForDebugger(flags.inspect_port ?? defaultDebugPort);
    const results: RunJson[] = [];
    /** The picture that is being read; none while the module starts. */
    let file: string | undefined;
    const read = async (): Promise<void> => {
      // Not before it is needed: the engine takes a while to load, and --help should not wait for it.
      const { LocalModule } = await import('../runtime/worker/local-module.js');
      const service = await LocalModule.open(resolveHome(), module, {
        set: flags.set ?? [],
        fields: flags.field ?? [],
        maxPixels: flags.max_pixels,
        warmUp: !isInspected,
      });
      for (file of files) this.#add(results, await attempt(service, file));
    };
    const onExit = (code: number): void => {
      const error = new OcrHubError('module_ended_process', { code });
      process.exitCode = error.exitCode;
      if (file !== undefined) {
        this.#add(results, toFailure(file, error));
        this.noteFailures(results);
      } else if (!this.jsonEnabled()) {
        this.note(`Error: ${error.message}`);
      }
      if (this.jsonEnabled()) this.logJson(file === undefined ? this.toErrorJson(error) : results);
    };
    await runUserCode(read, { json: this.jsonEnabled(), onExit });
    this.noteFailures(results);
    return results;
  }

  #add(results: RunJson[], result: LocalResult | Failure): void {
    this.log(describe(result));
    results.push('error' in result ? result : toJson(result));
  }
}

/** The answer for a picture is its `result`; only a file of several pages has `pages`. */
type RunJson = LocalResult | (Omit<LocalResult, 'pages'> & { readonly result: unknown }) | Failure;

function toJson(done: LocalResult): RunJson {
  const { pages, ...about } = done;
  const [only] = pages;
  return pages.length === 1 && only !== undefined ? { ...about, result: only.result } : done;
}

async function attempt(service: LocalModule, file: string): Promise<LocalResult | Failure> {
  try {
    return await service.predict(file);
  } catch (error) {
    // What is wrong with a field is wrong for every picture.
    if (!OcrHubError.is(error) || error.exitCode === 2) throw error;
    return toFailure(file, error);
  }
}

function describe(done: LocalResult | Failure): string {
  if ('error' in done) {
    const { message, hint } = done.error;
    return [`${done.file}  ${message}`, ...(hint === '' ? [] : hint.split('\n'))].join('\n  ');
  }
  const { file, ms, stages, pages } = done;
  // Only programs get the recognition's time under its old name too.
  const current = Object.entries(stages).filter(([stage]) => stage !== 'recognise');
  const times = current.map(([stage, time]) => `${stage} ${time.toFixed(0)}`);
  const rows = pages.flatMap((page) => [
    ...(pages.length === 1 ? [] : [`page ${page.page} of ${pages.length}`]),
    ...resultRows(page),
  ]);
  return [`${file}  ${ms.toFixed(0)} ms (${times.join(', ')})`, ...rows.map((row) => `  ${row}`)].join('\n');
}

function resultRows({ result, ...size }: LocalPage): string[] {
  const page = toPage(size, result);
  return page === undefined ? entryToRows(result) : pageToRows(page);
}
