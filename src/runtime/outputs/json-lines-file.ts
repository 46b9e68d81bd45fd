import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFileSync } from '../files/read-regular.js';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { writeFileAtomic } from '../files/write-atomic.js';
import type { Input } from '../inputs/input.js';
import { placeOf } from './output-names.js';
import { ifMissing } from '../files/missing.js';

/** A JSON object a line. Each line is written in one step, so that an interrupted command leaves whole lines. */
export class JsonLinesFile {
  readonly #path: string;
  readonly #file: number;
  /** The files whose results are there already. */
  readonly done: ReadonlySet<string>;

  private constructor(path: string, file: number, done: ReadonlySet<string>) {
    this.#path = path;
    this.#file = file;
    this.done = done;
  }

  /**
   * @param resume keep the results in the file; its failures, and a line that is cut off, are dropped
   * @throws OcrHubError `output_refused` for an input, and for a file that holds anything else; `output_failed`
   */
  static async open(
    output: string,
    { inputs, resume }: { readonly inputs: readonly Input[]; readonly resume: boolean },
  ): Promise<JsonLinesFile> {
    if (inputs.some(({ file }) => placeOf(file) === placeOf(output))) {
      const problem = 'it is a file that is read';
      throw new OcrHubError('output_refused', { output, problem, hint: 'Name another file with -o.' });
    }
    try {
      await makeFolder(path.dirname(output));
      const kept = resume ? readResults(output) : undefined;
      // A run that is killed here must not lose the results of the run before.
      if (kept !== undefined && (await isRegular(output)))
        await writeFileAtomic(output, kept.map(toLine).join(''), { followLink: true });
      const file = openSync(output, 'a');
      if (kept === undefined && fstatSync(file).isFile()) ftruncateSync(file, 0);
      return new JsonLinesFile(output, file, new Set(kept?.map((row) => row.file)));
    } catch (error) {
      throw OcrHubError.is(error) ? error : toFailure(output, error);
    }
  }

  /** @throws OcrHubError `output_failed` */
  write(row: object): void {
    try {
      const line = Buffer.from(toLine(row));
      const written = writeSync(this.#file, line);
      if (written < line.length) this.#undo(written, line.length);
    } catch (error) {
      throw toFailure(this.#path, error);
    }
  }

  /** On a full disk the system writes the first part of a line. The next line would continue it. */
  #undo(written: number, length: number): never {
    const { size } = fstatSync(this.#file);
    ftruncateSync(this.#file, Math.max(0, size - written));
    throw new Error(`no space: ${written} of ${length} bytes were written`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** False for a device, which must not be replaced. */
async function isRegular(file: string): Promise<boolean> {
  return (await stat(file).catch(ifMissing(undefined)))?.isFile() === true;
}

function toLine(row: object): string {
  return `${JSON.stringify(row)}\n`;
}

interface ResultRow {
  readonly file: string;
}

function readResults(output: string): ResultRow[] {
  let text: string;
  try {
    text = readRegularFileSync(output);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => parseRow(output, line)).filter((row) => !('error' in row));
}

function parseRow(output: string, line: string): ResultRow {
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row === 'object' && row !== null && 'file' in row && typeof row.file === 'string')
      return row as ResultRow;
  } catch {
    // The error below says it.
  }
  const problem = `it holds a line that is no result: ${line.slice(0, 60)}`;
  throw new OcrHubError('output_refused', {
    output,
    problem,
    hint: 'Name another file with -o, or leave out --resume.',
  });
}

function toFailure(output: string, error: unknown): OcrHubError {
  return new OcrHubError('output_failed', { output, problem: (error as Error).message }, { cause: error });
}
