import { stat } from 'node:fs/promises';
import path from 'node:path';
import { formats, type Format, type FormatName, type WrittenFile } from '../document/formats/formats.js';
import { OcrHubError } from '../errors/error.js';
import type { Input } from '../inputs/input.js';
import { formatOfPath, isBinary, isJoinable } from './output-format.js';
import { outputStems, placeOf } from './output-names.js';
import { writeOutput } from './write-output.js';
import { ifMissing } from '../files/missing.js';

/** Where the files of a format go. */
export interface Output {
  /** Whether an earlier run has written this input's file. */
  has(input: Input): Promise<boolean>;
  /**
   * @returns the file that was written; undefined on standard output
   * @throws OcrHubError `output_failed`, `output_refused`
   */
  write(input: Input, written: WrittenFile): Promise<string | undefined>;
}

interface Stdout {
  readonly isTTY: boolean;
  readonly write: (bytes: Uint8Array) => void;
}

export interface OutputPlace {
  readonly format: FormatName;
  /** A file or a folder; undefined: standard output. */
  readonly output: string | undefined;
  readonly stdout: Stdout;
}

/**
 * Chooses where the files go: to the folder `output` if it exists, if it is written as one (`out/`), or if there are
 * several inputs; otherwise to the file `output`.
 *
 * @throws OcrHubError `output_refused` before anything is read
 */
export async function planOutput(inputs: readonly Input[], place: OutputPlace): Promise<Output> {
  const { format, output, stdout } = place;
  if (output === undefined) return planStdout(inputs, format, stdout);
  const info = await stat(output).catch(ifMissing(undefined));
  const needsFolder = inputs.length > 1 || inputs.some(({ isNamed }) => !isNamed);
  if (info?.isDirectory() === true || /[\\/]$/.test(output)) return folderOutput(output, format, inputs);
  if (!needsFolder) return fileOutput(output, format, inputs);
  const isFile = info !== undefined || formatOfPath(output) === format;
  if (!isFile) return folderOutput(output, format, inputs);
  throw refuse(output, 'it is a file, and several files are read', 'Name a folder, such as -o out/');
}

function planStdout(inputs: readonly Input[], format: FormatName, stdout: Stdout): Output {
  const hint = `Name a file or a folder: -o out${inputs.length > 1 ? '/' : `.${formats[format].extension}`}`;
  if (inputs.length > 1 && !isJoinable(format)) {
    throw refuse('Standard output', `${inputs.length} files of the format ${format} do not make one`, hint);
  }
  const requirePlain = (contentType: string): void => {
    if (stdout.isTTY && isBinary(contentType)) {
      throw refuse('Standard output', `it is a terminal, and ${contentType} is no text`, hint);
    }
  };
  requirePlain(formats[format].contentType);
  return {
    has: () => Promise.resolve(false),
    write(_, { contentType, bytes }) {
      requirePlain(contentType);
      stdout.write(bytes);
      return Promise.resolve(undefined);
    },
  };
}

function fileOutput(output: string, format: FormatName, inputs: readonly Input[]): Output {
  if (inputs.some(({ file }) => placeOf(file) === placeOf(output))) {
    throw refuse(output, 'it is the file that is read', 'Name another file with -o.');
  }
  return {
    has: () => exists(output),
    async write(_, { extension, bytes }) {
      if (extension === 'zip' && path.extname(output) !== '.zip') {
        const problem = `each page is a file of the format ${format}, and several make a ZIP archive`;
        throw refuse(output, problem, `Name an archive, such as -o ${output}.zip, or a folder.`);
      }
      await writeOutput(output, bytes);
      return output;
    },
  };
}

function folderOutput(folder: string, format: FormatName, inputs: readonly Input[]): Output {
  const { extension, onePage }: Format = formats[format];
  const extensions = onePage ? [extension, 'zip'] : [extension];
  const named = inputs.map(({ file, relative }) => ({ file, target: path.join(folder, relative) }));
  const stems = new Map(outputStems(named, extensions).map((stem, i) => [inputs[i]?.file, stem]));
  const stemOf = ({ file }: Input): string => {
    const stem = stems.get(file);
    if (stem === undefined) throw new Error(`${file} is no input of this output`);
    return stem;
  };
  return {
    async has(input) {
      const found = await Promise.all(extensions.map((each) => exists(`${stemOf(input)}.${each}`)));
      return found.includes(true);
    },
    async write(input, written) {
      const file = `${stemOf(input)}.${written.extension}`;
      await writeOutput(file, written.bytes);
      return file;
    },
  };
}

function refuse(output: string, problem: string, hint: string): OcrHubError {
  return new OcrHubError('output_refused', { output, problem, hint });
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(ifMissing(undefined))) !== undefined;
}
