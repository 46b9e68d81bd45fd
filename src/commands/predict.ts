import { Args, Flags } from '@oclif/core';
import { collectAnswers } from '../runtime/client/collect.js';
import { checkServerUrl } from '../runtime/client/send.js';
import { readCertificates } from '../runtime/client/certificates.js';
import { readToken } from '../runtime/config/token.js';
import { OcrHubError } from '../runtime/errors/error.js';
import { listInputs } from '../runtime/inputs/list.js';
import { drawingNames } from '../runtime/outputs/drawing-names.js';
import { splitFields } from '../runtime/service/reading.js';
import { BaseCommand, toFailure, type Failure } from './_base.js';
import { allowBareVisualize, documentFields, imagePathHelp, outputFlags, readingFlags } from './_file-flags.js';
import { FileResults } from './_file-results.js';
import { repeatFlags } from './_flags.js';
import { describeSent, pageCountOf, requestFields, toSentResult, type SentResult } from './_sent-results.js';
import { formatCount } from './_text.js';

export default class Predict extends BaseCommand {
  static override summary = 'send pictures and documents to a server and print what it answers';
  static override description =
    'One file a request. A file that fails does not stop the others; the exit code is 5 then. A request is sent again while the server is busy (HTTP 429 and 503, after the time in Retry-After) and after a broken connection. A server that does not answer any more ends the run with exit code 3; what it answered before is printed. Formats and PDF files need a server of ocrhub; pictures can be sent to PaddleHub too.';
  static override examples = [
    '<%= config.bin %> predict http://127.0.0.1:8868/predict/ocr_system page.jpg',
    '<%= config.bin %> predict http://127.0.0.1:8868/predict/ocr_system ./scans --json',
    '<%= config.bin %> predict http://127.0.0.1:8868/predict/ocr_system ./scans "faxes/*.pdf" -f text -o out/ --resume',
    '<%= config.bin %> predict http://127.0.0.1:8868/predict/ocr_system ./scans -f jsonl -o results.jsonl --concurrency 4',
  ];
  static override strict = false;
  static override args = {
    server_url: Args.string({
      description: 'address of the service: http://host:port/predict/<module>',
      required: true,
      ignoreStdin: true,
    }),
    image_path: Args.string({ description: imagePathHelp, required: true, ignoreStdin: true }),
  };
  static override flags = {
    token_file: Flags.string({
      aliases: ['token-file'],
      description: "file with the server's token; or set OCRHUB_TOKEN",
    }),
    cacert: Flags.string({
      description: 'file with certificates to trust beside those of Node.js, as PEM, for a server with one of its own',
      helpValue: 'FILE',
    }),
    concurrency: Flags.integer({ description: 'maximum requests at a time', default: 2, min: 1, max: 256 }),
    retries: Flags.integer({
      description: 'maximum further attempts for a file while the server is busy or the connection breaks',
      default: 5,
      min: 0,
      max: 100,
    }),
    ...readingFlags,
    ...outputFlags,
  };

  override async run(): Promise<(SentResult | Failure)[]> {
    const { argv, flags } = await this.parse(Predict, allowBareVisualize(repeatFlags(this.argv, ['field'])));
    const [url = '', ...paths] = argv as string[];
    const server = {
      url: checkServerUrl(url),
      token: await readToken(flags.token_file),
      ca: await readCertificates(flags.cacert),
      retries: flags.retries,
    };
    const document = documentFields(flags);
    splitFields({ ...document }, [], 'Flags');
    const inputs = await listInputs(paths);
    const results = await FileResults.open<SentResult>(inputs, flags, undefined);
    const { format, isOrdered } = results;
    if (flags.visualize !== undefined && format !== undefined) throw cannotDraw(format);
    const names = flags.visualize === undefined ? [] : drawingNames(inputs, flags.visualize || undefined);
    const destination = { ...server, ...requestFields(flags.field ?? [], document, format), format };
    const { concurrency } = flags;
    let gone: OcrHubError | undefined;
    const start = performance.now();
    try {
      for await (const answer of collectAnswers(destination, results.inputs, { concurrency, isOrdered })) {
        const { input } = answer;
        if ('error' in answer) {
          if (answer.error.code === 'server_unreachable') gone = answer.error;
          // Only the first file without a server is reported.
          results.fail(toFailure(input.file, answer.error), { isNews: answer.isSent });
        } else {
          const result = await toSentResult(answer, names[inputs.indexOf(input)], document.password);
          await results.add(input, result, {
            describe: describeSent,
            written: answer.written,
            pages: pageCountOf(answer),
          });
        }
      }
    } finally {
      results.end();
    }
    this.#sum(results, performance.now() - start);
    if (gone !== undefined) process.exitCode = gone.exitCode;
    return results.all;
  }

  /** @param ms from the first request to the last answer */
  #sum(results: FileResults<SentResult>, ms: number): void {
    const { done, format, isOrdered } = results;
    if (done > 0 && format === undefined && isOrdered) {
      this.log(`average ${(ms / done).toFixed(0)} ms a file, ${formatCount(done, 'file')}`);
    }
    this.noteFailures(results);
  }
}

function cannotDraw(format: string): OcrHubError {
  const problem = `the server answers with a file of the format ${format}; ask for -f png, or for no format`;
  return new OcrHubError('value_invalid', { subject: '--visualize', key: undefined, value: format, problem });
}
