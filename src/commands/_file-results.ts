import type { FormatName, WrittenFile } from '../runtime/document/formats/formats.js';
import { OcrHubError } from '../runtime/errors/error.js';
import type { Input } from '../runtime/inputs/input.js';
import { JsonLinesFile } from '../runtime/outputs/json-lines-file.js';
import { planOutput, type Output } from '../runtime/outputs/output.js';
import { formatOfPath, jsonLines, type OutputFormat } from '../runtime/outputs/output-format.js';
import { startFileBar, type FileBar } from './_bars.js';
import { describeFailure, toFailure, type Failure } from './_base.js';
import { printable } from './_printable.js';
import { Interrupt } from './_interrupt.js';
import { formatCount } from './_text.js';

interface ResultFlags {
  readonly format: OutputFormat | undefined;
  readonly output: string | undefined;
  readonly resume: boolean;
  readonly json: boolean | undefined;
}

/** A result of one file, as `--json` prints it. */
interface FileResult {
  readonly file: string;
  /** The file that was written. */
  readonly output?: string;
}

interface Delivery<R> {
  readonly describe: (result: R) => string;
  readonly written?: WrittenFile | undefined;
  readonly pages: number;
}

/** What `run` and `predict` do with their results: rows for people, JSON Lines, or files of a format. */
export class FileResults<R extends FileResult> {
  /** The files to read. */
  readonly inputs: readonly Input[];
  /** The format of the files to write; undefined for rows and JSON Lines. */
  readonly format: FormatName | undefined;
  /** All results for `--json`. Otherwise empty, so that memory does not grow with the number of files. */
  readonly all: (R | Failure)[] = [];
  done = 0;
  failed = 0;
  readonly bar: FileBar;
  readonly interrupt: Interrupt;
  readonly #isJson: boolean;
  readonly #lines: JsonLinesFile | undefined;
  readonly #output: Output | undefined;
  readonly #isJsonLines: boolean;

  private constructor(
    inputs: readonly Input[],
    { format, json = false }: Pick<ResultFlags, 'format' | 'json'>,
    { lines, output }: { readonly lines?: JsonLinesFile | undefined; readonly output?: Output | undefined },
  ) {
    this.inputs = inputs;
    this.#isJsonLines = format === jsonLines;
    this.format = format === jsonLines ? undefined : format;
    this.#isJson = json;
    this.#lines = lines;
    this.#output = output;
    this.bar = startFileBar(inputs.length);
    this.interrupt = new Interrupt({
      stop: () => {
        this.bar.end();
        process.stderr.write(`Interrupted after ${this.done + this.failed} of ${formatCount(inputs.length, 'file')}\n`);
      },
      tell: (text) => this.bar.note(text),
    });
  }

  /**
   * @param defaultFormat the format without `--format` and `--output`; undefined: rows
   * @throws OcrHubError `value_invalid`, `output_refused`, `output_failed`
   */
  static async open<R extends FileResult>(
    inputs: readonly Input[],
    flags: ResultFlags,
    defaultFormat: FormatName | undefined,
  ): Promise<FileResults<R>> {
    const { output: place, resume, json = false } = flags;
    const format =
      flags.format ?? (place === undefined ? (json ? undefined : defaultFormat) : (formatOfPath(place) ?? 'text'));
    if (json && format !== undefined && (place === undefined || format === jsonLines)) {
      const problem = `it prints one list of answers, and -f ${format} prints something else; name a file with -o`;
      throw new OcrHubError('value_invalid', { subject: '--json', key: undefined, value: true, problem });
    }
    const about = { format, json };
    if (format === undefined) return new FileResults(inputs, about, {});
    if (format === jsonLines) {
      if (place === undefined) return new FileResults(inputs, about, {});
      const lines = await JsonLinesFile.open(place, { inputs, resume });
      const left = inputs.filter(({ file }) => !lines.done.has(file));
      noteSkipped(inputs, left);
      return new FileResults(left, about, { lines });
    }
    const stdout = { isTTY: process.stdout.isTTY, write: (bytes: Uint8Array) => results.bar.print(bytes) };
    const output = await planOutput(inputs, { format, output: place, stdout });
    const isDone = resume ? await Promise.all(inputs.map((input) => output.has(input))) : [];
    const left = inputs.filter((_, i) => isDone[i] !== true);
    noteSkipped(inputs, left);
    const results = new FileResults<R>(left, about, { output });
    return results;
  }

  /** Whether the results must come in the order of the files. */
  get isOrdered(): boolean {
    return !this.#isJsonLines;
  }

  /**
   * Prints or writes a result.
   *
   * @param describe the result as rows to print
   * @param pages that were read
   * @throws OcrHubError `output_refused`
   */
  async add(input: Input, result: R, { describe, written, pages }: Delivery<R>): Promise<void> {
    const final = written === undefined ? result : await this.#write(input, result, written);
    if ('error' in final) {
      this.fail(final);
      return;
    }
    this.done++;
    if (this.#isJson) this.all.push(final);
    this.bar.tick(pages);
    if (this.#isJsonLines) this.#line(final);
    else if (this.#isJson) return;
    else if (this.format === undefined) this.bar.print(printable(`${describe(final)}\n`));
    else if (final.output !== undefined) this.bar.print(printable(`${final.output}\n`));
  }

  /** @param isNews false: the failure is counted, but not printed */
  fail(failure: Failure, { isNews = true } = {}): void {
    this.failed++;
    if (this.#isJson) this.all.push(failure);
    this.bar.tick(0);
    if (this.#isJsonLines) this.#line(failure);
    else if (this.#isJson || !isNews) return;
    else if (this.format === undefined) this.bar.print(printable(`${describeFailure(failure)}\n`));
    else this.bar.note(printable(`${describeFailure(failure)}\n`));
  }

  end(): void {
    this.bar.end();
    this.#lines?.close();
    this.interrupt.release();
  }

  async #write(input: Input, result: R, written: WrittenFile): Promise<R | Failure> {
    try {
      const output = await this.#output?.write(input, written);
      return output === undefined ? result : { ...result, output };
    } catch (error) {
      if (!OcrHubError.is(error) || error.exitCode === 2) throw error;
      return toFailure(input.file, error);
    }
  }

  #line(result: R | Failure): void {
    if (this.#lines === undefined) this.bar.print(printable(`${JSON.stringify(result)}\n`));
    else this.#lines.write(result);
  }
}

function noteSkipped(inputs: readonly Input[], left: readonly Input[]): void {
  const skipped = inputs.length - left.length;
  if (skipped > 0) process.stderr.write(`${formatCount(skipped, 'file')} skipped: the output exists\n`);
}
