import { stat } from 'node:fs/promises';
import path from 'node:path';
import { openRegularFile, readRegularFile } from '../../files/read-regular.js';
import { OcrHubError } from '../../errors/error.js';
import { toFileError } from '../../files/to-file-error.js';
import { isWithin } from '../../files/within.js';
import { extensions, filesIn } from '../../inputs/folder.js';
import { readInput } from '../../inputs/input.js';
import type { ReadFile, Source, SourceFile } from './source.js';

/** Bytes that tell a PDF and a TIFF file. A PDF file may have some bytes before its header. */
const headBytes = 1024;

/** The pictures and documents in a folder and in the folders below it, or the files that a list names. */
export class FolderSource implements Source {
  readonly name: string;
  readonly #root: string;
  readonly #files: () => Promise<readonly string[]>;

  private constructor(name: string, root: string, files: () => Promise<readonly string[]>) {
    this.name = name;
    this.#root = root;
    this.#files = files;
  }

  /**
   * @param input a folder, or a file with a path a line; relative paths count from the working directory
   * @param output a folder that is left out: results may lie in the folder that is read
   * @throws OcrHubError `file_not_found`, `file_unreadable`
   */
  static async open(input: string, output: string): Promise<FolderSource> {
    const place = path.resolve(input);
    const info = await stat(place).catch((error: unknown) => {
      throw toFileError(input, error);
    });
    if (!info.isDirectory()) return new FolderSource(input, '', () => pathsIn(input));
    return new FolderSource(input, place, async () => {
      const files = await filesIn(place).catch((error: unknown) => {
        throw toFileError(input, error);
      });
      const wanted = files.filter((file) => !isWithin(path.resolve(output), file));
      if (wanted.length === 0) throw new OcrHubError('folder_without_pictures', { folder: input, extensions });
      return wanted.map((file) => path.relative(place, file));
    });
  }

  async *list(): AsyncIterable<SourceFile> {
    for (const src of await this.#files()) {
      // A file that is gone, or a folder that cannot be listed, fails when its page is read: one line, not the run.
      const stamp = await this.#stampOf(src).catch(() => 'unknown');
      yield { src, stamp };
    }
  }

  async head(src: string): Promise<Uint8Array> {
    const handle = await openRegularFile(this.#pathOf(src));
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  async read(src: string, maxBytes?: number): Promise<ReadFile> {
    const file = this.#pathOf(src);
    try {
      const stamp = await this.#stampOf(src);
      return { stamp, bytes: await readInput({ file, relative: src, isNamed: false }, maxBytes) };
    } catch (error) {
      // A share that is away takes all files with it.
      if (this.#root !== '') await stat(this.#root);
      throw OcrHubError.is(error) ? error : toFileError(file, error);
    }
  }

  async #stampOf(src: string): Promise<string> {
    const { size, mtimeMs } = await stat(this.#pathOf(src));
    return `${size}-${Math.trunc(mtimeMs)}`;
  }

  #pathOf(src: string): string {
    return path.resolve(this.#root, src);
  }
}

async function pathsIn(list: string): Promise<readonly string[]> {
  const text = await readRegularFile(list).catch((error: unknown) => {
    throw toFileError(list, error);
  });
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const named = lines.filter((line) => line !== '');
  const binary = named.find((line) => line.includes('\0') || line.includes('\ufffd'));
  if (binary !== undefined) {
    const problem = 'it is no list of paths in UTF-8, one a line; to read a single file use ocrhub run';
    throw new OcrHubError('file_unreadable', { file: list, problem });
  }
  if (named.length === 0) throw new OcrHubError('file_unreadable', { file: list, problem: 'it names no file' });
  return [...new Set(named.map((line) => path.resolve(line)))];
}
