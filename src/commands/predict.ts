import { Args, Flags } from '@oclif/core';
import { collectAnswers } from '../runtime/client/collect.js';
import { copyNames } from '../runtime/client/copy-names.js';
import { listPictures } from '../runtime/client/pictures.js';
import { checkServerUrl, type SentPicture } from '../runtime/client/send.js';
import { entryToRows } from '../runtime/document/formats/text.js';
import type { OcrHubError } from '../runtime/errors/error.js';
import { readToken } from '../runtime/config/token.js';
import { startPictureBar } from './_bars.js';
import { BaseCommand, toFailure, type Failure } from './_base.js';
import { formatCount } from './_text.js';

export default class Predict extends BaseCommand {
  static override summary = 'send pictures to a server and print what it answers';
  static override description =
    'Files, or folders of pictures. One picture a request, one after another; a picture that fails does not stop the others. A server that does not answer any more ends the run with exit code 3; what it answered before is printed.';
  static override examples = [
    '<%= config.bin %> predict http://127.0.0.1:8868/predict/ocr_system page.jpg',
    '<%= config.bin %> predict http://127.0.0.1:8868/predict/ocr_system ./scans --json',
  ];
  static override strict = false;
  static override args = {
    server_url: Args.string({
      description: 'address of the service: http://host:port/predict/<module>',
      required: true,
    }),
    image_path: Args.string({ description: 'a picture or a folder of pictures; several may follow', required: true }),
  };
  static override flags = {
    token_file: Flags.string({
      aliases: ['token-file'],
      description: "file with the server's token; or set OCRHUB_TOKEN",
    }),
    visualize: Flags.string({
      description: 'folder that gets a copy of each picture with its lines drawn in',
      helpValue: 'FOLDER',
    }),
  };

  override async run(): Promise<PredictJson[]> {
    const { argv, flags } = await this.parse(Predict);
    const [url = '', ...paths] = argv as string[];
    const server = checkServerUrl(url);
    const token = await readToken(flags.token_file);
    const files = await listPictures(paths);
    const copies = flags.visualize === undefined ? [] : copyNames(files, flags.visualize);
    const results: PredictJson[] = [];
    let gone: OcrHubError | undefined;
    const bar = startPictureBar(files.length);
    for await (const answer of collectAnswers(server, files, token)) {
      const result =
        'error' in answer ? toFailure(answer.file, answer.error) : await this.#draw(answer, copies[results.length]);
      results.push(result);
      bar.tick();
      if ('error' in answer && answer.error.code === 'server_unreachable') gone = answer.error;
      // Only the first picture without a server is reported.
      const isNews = !('error' in answer) || answer.isSent;
      if (isNews && !this.jsonEnabled()) bar.print(describe(result));
    }
    bar.end();
    this.#sum(results);
    if (gone !== undefined) process.exitCode = gone.exitCode;
    return results;
  }

  /** Keeps the answer if the picture cannot be drawn. */
  async #draw(result: SentPicture, copy: string | undefined): Promise<PredictJson> {
    if (copy === undefined) return result;
    try {
      const { drawAnswer } = await import('../runtime/client/draw.js');
      await drawAnswer(result.file, result.response.results, copy);
      return { ...result, drawn: copy };
    } catch (error) {
      this.note(`${result.file} could not be drawn: ${(error as Error).message}`);
      process.exitCode = 5;
      return result;
    }
  }

  #sum(results: readonly PredictJson[]): void {
    const sent = results.filter((result) => 'ms' in result);
    if (sent.length > 0)
      this.log(
        `average ${(sent.reduce((sum, { ms }) => sum + ms, 0) / sent.length).toFixed(0)} ms a picture, ${formatCount(sent.length, 'picture')}`,
      );
    this.noteFailures(results);
  }
}

type PredictJson = (SentPicture & { readonly drawn?: string }) | Failure;

function describe(result: PredictJson): string {
  if ('error' in result) {
    const { message, hint } = result.error;
    return [`${result.file}  ${message}`, ...(hint === '' ? [] : [hint])].join('\n  ');
  }
  const { file, ms, response, drawn } = result;
  const texts = entryToRows(Array.isArray(response.results) ? response.results.flat() : response.results).map(
    (row) => `  ${row}`,
  );
  return [`${file}  ${ms.toFixed(0)} ms`, ...texts, ...(drawn === undefined ? [] : [`  drawn: ${drawn}`])].join('\n');
}
