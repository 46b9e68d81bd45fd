import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';

/**
 * Writes a file of any length, whole or not at all, and creates its folder. A file that is there stays until the new one is
 * complete. A device or a pipe is written to directly.
 *
 * @throws OcrHubError `output_failed`, and the errors of `texts`
 */
export async function writeLines(output: string, texts: AsyncIterable<string>): Promise<void> {
  const given = new FailureOf(texts);
  try {
    await makeFolder(path.dirname(path.resolve(output)));
    const place = await stat(output).catch(() => undefined);
    if (place !== undefined && !place.isFile()) await pipeline(given, createWriteStream(output));
    else await replace(place === undefined ? output : await realpath(output), given);
  } catch (error) {
    if (OcrHubError.is(given.error)) throw given.error;
    throw new OcrHubError('output_failed', { output, problem: (error as Error).message }, { cause: error });
  }
}

async function replace(file: string, texts: AsyncIterable<string>): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    await pipeline(texts, createWriteStream(temporary));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Remembers whether the texts themselves failed: the place to write to has nothing to do with it then. */
class FailureOf implements AsyncIterable<string> {
  readonly #texts: AsyncIterable<string>;
  error: unknown;

  constructor(texts: AsyncIterable<string>) {
    this.#texts = texts;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      yield* this.#texts;
    } catch (error) {
      this.error = error;
      throw error;
    }
  }
}
