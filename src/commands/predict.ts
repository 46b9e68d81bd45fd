import { Args, Flags } from '@oclif/core';
import { OcrHubError } from '../runtime/errors.js';
import { copyNames } from '../runtime/client/copy-names.js';
import { listPictures } from '../runtime/client/pictures.js';
import { checkServerUrl, sendPicture, type SentPicture } from '../runtime/client/send.js';
import { readToken } from '../runtime/token.js';
import { BaseCommand } from './_base.js';
import { entryLines } from './_entry.js';
import { progressBar } from './_progress.js';

export default class Predict extends BaseCommand {
  static override summary = 'send pictures to a server and print what it answers';
  static override description =
    'Files, or folders of pictures. One picture a request, one after another; a picture that fails does not stop the others. A server that does not answer any more ends the run with exit code 3; what it answered before is printed.';
  static override examples = [
    '<%= config.bin %> predict http://127.0.0.1:8866/predict/ocr_system page.jpg',
    '<%= config.bin %> predict http://127.0.0.1:8866/predict/ocr_system ./scans --json',
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
    const bar = progressBar(files.length);
    let gone: OcrHubError | undefined;
    for (const [i, file] of files.entries()) {
      // Without a server there is nothing to go on with; what it answered before is kept.
      const result = gone === undefined ? await this.#send(server, file, token) : failure(file, gone);
      if (result instanceof OcrHubError) {
        if (results.length === 0) throw result;
        gone = result;
      }
      const entry = result instanceof OcrHubError ? failure(file, result) : await this.#draw(result, copies[i]);
      results.push(entry);
      bar.tick();
      if (!this.jsonEnabled() && (gone === undefined || result === gone)) bar.print(describe(entry));
    }
    bar.end();
    this.#sum(results);
    if (gone !== undefined) process.exitCode = gone.exitCode;
    return results;
  }

  /** Answers an error instead of throwing it when there is no server any more. */
  async #send(server: string, file: string, token: string | undefined): Promise<PredictJson | OcrHubError> {
    try {
      return await sendPicture(server, file, token);
    } catch (error) {
      if (!OcrHubError.is(error)) return failure(file, new OcrHubError('internal', { problem: String(error) }));
      return error.code === 'server_unreachable' ? error : failure(file, error);
    }
  }

  /** The answer is there, whether it can be drawn or not. */
  async #draw(result: PredictJson, copy: string | undefined): Promise<PredictJson> {
    if ('error' in result || copy === undefined) return result;
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
    const failed = results.length - sent.length;
    if (sent.length > 0)
      this.log(
        `average ${(sent.reduce((sum, { ms }) => sum + ms, 0) / sent.length).toFixed(0)} ms a picture, ${sent.length} pictures`,
      );
    if (failed === 0) return;
    this.note(`${failed} of ${results.length} pictures failed`);
    process.exitCode = 5;
  }
}

type PredictJson =
  | (SentPicture & { readonly drawn?: string })
  | {
      readonly file: string;
      readonly error: { readonly code: string; readonly message: string; readonly hint: string };
    };

function failure(file: string, { code, message, hint }: OcrHubError): PredictJson {
  return { file, error: { code, message, hint } };
}

function describe(result: PredictJson): string {
  if ('error' in result) return `${result.file}  ${result.error.message}`;
  const { file, ms, response, drawn } = result;
  const texts = entryLines(Array.isArray(response.results) ? response.results.flat() : response.results);
  return [`${file}  ${ms.toFixed(0)} ms`, ...texts, ...(drawn === undefined ? [] : [`  drawn: ${drawn}`])].join('\n');
}
