import { once } from 'node:events';
import { Args, Flags } from '@oclif/core';
import { composeFile, targetOf } from '../../runtime/batch/results/merge-files.js';
import { filesOf, linesOf } from '../../runtime/batch/results/merge.js';
import { openSource, openStore } from '../../runtime/batch/places.js';
import { openRun, type Run } from '../../runtime/batch/plan/run.js';
import { statusOf } from '../../runtime/batch/results/status.js';
import type { Store } from '../../runtime/batch/store/store.js';
import { givenPdfPassword } from '../../runtime/config/environment.js';
import type { FormatName } from '../../runtime/document/formats/formats.js';
import { OcrHubError } from '../../runtime/errors/error.js';
import { jsonLines, outputFormats, type OutputFormat } from '../../runtime/outputs/output-format.js';
import { writeLines } from '../../runtime/outputs/write-lines.js';
import { writeOutput } from '../../runtime/outputs/write-output.js';
import { BaseCommand } from '../_base.js';
import { formatCount } from '../_text.js';
import { parseOutputPlace } from '../_output-place.js';

export default class BatchMerge extends BaseCommand {
  static override summary = 'write the results of a run as one file, or as a file for each document';
  static override description =
    'jsonl has a line for each page, in the order of the plan. Any other format makes a file for each picture or PDF file, in the folders of the input; pages that failed are left out of it and told.';
  static override examples = [
    '<%= config.bin %> batch merge ./out -o results.jsonl',
    '<%= config.bin %> batch merge ./out -f text -o ./texts',
    '<%= config.bin %> batch merge ./out -f pdf -o ./searchable',
  ];
  static override args = {
    run: Args.string({ description: 'the output folder of the run', required: true, ignoreStdin: true }),
  };
  static override flags = {
    format: Flags.custom<OutputFormat>({
      char: 'f',
      description: 'the format',
      options: [...outputFormats],
      default: jsonLines,
      helpValue: 'FORMAT',
    })(),
    output: Flags.string({
      char: 'o',
      description: 'a file for jsonl [default: standard output], a folder for any other format',
      helpValue: 'FILE|FOLDER',
      parse: parseOutputPlace,
    }),
    paragraphs: Flags.boolean({ description: 'join the lines of the format text to paragraphs' }),
    password: Flags.string({ description: 'opens encrypted PDF files for the formats pdf and png' }),
    unfinished: Flags.boolean({ description: 'merge what is there of a run that is not finished' }),
  };

  override async run(): Promise<Merged> {
    const { args, flags } = await this.parse(BatchMerge);
    const store = await openStore(args.run);
    const run = await openRun(store);
    const status = await statusOf(store, run);
    if (!status.finished && !flags.unfinished)
      throw new OcrHubError('batch_unfinished', { out: args.run, pages: status.pages - status.done });
    const { format, output, paragraphs, password = givenPdfPassword() } = flags;
    if (format === jsonLines) return this.#mergeLines(store, run, output);
    if (output === undefined) {
      const problem = `-f ${format} makes a file for each document; name a folder for them`;
      throw new OcrHubError('value_invalid', { subject: '-o', key: '', value: '', problem });
    }
    return this.#mergeFiles(store, run, { format, paragraphs, password, folder: output });
  }

  async #mergeLines(store: Store, run: Run, output: string | undefined): Promise<Merged> {
    if (output === undefined) {
      if (this.jsonEnabled()) {
        const problem = 'it prints a summary, and the lines need a place; name a file with -o';
        throw new OcrHubError('value_invalid', { subject: '--json', key: '', value: true, problem });
      }
      let lines = 0;
      for await (const line of linesOf(store, run)) {
        lines++;
        if (!process.stdout.write(`${JSON.stringify(line)}\n`)) await once(process.stdout, 'drain');
      }
      return { pages: lines, failed: 0 };
    }
    let pages = 0;
    let failed = 0;
    const text = async function* (): AsyncGenerator<string> {
      for await (const line of linesOf(store, run)) {
        pages++;
        if (line.status === 'error') failed++;
        yield `${JSON.stringify(line)}\n`;
      }
    };
    await writeLines(output, text());
    this.log(`${formatCount(pages, 'line')} in ${output}, ${failed} of them errors`);
    return { pages, failed, output };
  }

  async #mergeFiles(store: Store, run: Run, { format, paragraphs, password, folder }: FileMerge): Promise<Merged> {
    const { input, module, maxPixels } = run.identity;
    const source = await openSource(input, store.name);
    let files = 0;
    let failed = 0;
    for await (const file of filesOf(store, run)) {
      for (const { src, page, error } of file.failed) this.note(`${src}, page ${page}: ${error.message}`);
      failed += file.failed.length;
      if (file.pages.length === 0) continue;
      const options = { module, output: { format, paragraphs }, maxPixels, password };
      const written = await composeFile(file, source, options);
      await writeOutput(targetOf(folder, file.src, written.extension), written.bytes);
      files++;
    }
    this.log(`${formatCount(files, 'file')} in ${folder}`);
    if (failed > 0) this.note(`${formatCount(failed, 'page')} failed and are left out`);
    return { files, failed, output: folder };
  }
}

interface FileMerge {
  readonly format: FormatName;
  readonly paragraphs: boolean;
  readonly password: string | undefined;
  readonly folder: string;
}

interface Merged {
  readonly pages?: number;
  readonly files?: number;
  readonly failed: number;
  readonly output?: string;
}
