import { stat, type FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors/error.js';
import { openRegularFile } from '../files/read-regular.js';
import { toFileError } from '../files/to-file-error.js';
import type { Home } from '../config/home.js';
import { logFile } from './log-file.js';

/** How often `follow` reads the file. */
const pollIntervalMs = 300;

/** Reading begins this many bytes before the end of a log, which is far more than a screen. */
const tailBytes = 4 * 1024 * 1024;

const chunkBytes = 256 * 1024;

/** Reads the log of a port: existing lines first, then new lines, across rotations. */
export class LogReader {
  readonly #file: string;
  #handle: FileHandle;
  /** Offset of the next read in the open file, in bytes. */
  #position: number;
  #decoder = new StringDecoder('utf8');
  /** Whether the next text is the rest of a line whose beginning was not read. It is skipped. */
  #midLine = false;
  /** The last line, if its end is not written yet. */
  #rest = '';

  private constructor(file: string, handle: FileHandle, position: number) {
    this.#file = file;
    this.#handle = handle;
    this.#position = position;
  }

  /** @throws OcrHubError `log_not_found` */
  static async open(home: Home, port: number): Promise<LogReader> {
    const file = logFile(home, port);
    const handle = await openRegularFile(file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw toFileError(file, error);
      throw new OcrHubError('log_not_found', { file, port }, { cause: error });
    });
    try {
      const { size } = await handle.stat();
      const reader = new LogReader(file, handle, Math.max(0, size - tailBytes));
      reader.#midLine = size > tailBytes;
      return reader;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The last line, if its end is not written yet. It may stay so: a full disk cuts lines off. */
  get unfinished(): string {
    return this.#rest;
  }

  /** The complete lines since the last call. */
  async lines(): Promise<string[]> {
    const lines = await this.#readToEnd();
    const next = await this.#openRotated();
    if (next !== undefined) {
      // First the lines written between the last read and the rotation, then the new file.
      const old = this.#handle;
      try {
        lines.push(...(await this.#readToEnd()));
      } finally {
        this.#handle = next;
        await old.close();
      }
      lines.push(...this.#startOver(), ...(await this.#readToEnd()));
    } else if ((await this.#handle.stat()).size < this.#position) {
      // Truncated in place, as logrotate's copytruncate does.
      lines.push(...this.#startOver(), ...(await this.#readToEnd()));
    }
    return lines;
  }

  /** Yields lines until `signal` is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<string> {
    while (!signal.aborted) {
      yield* await this.lines();
      await sleep(pollIntervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Continues at the beginning of the file. Returns the last line if it has lost its end. */
  #startOver(): string[] {
    const cut = this.#rest;
    this.#position = 0;
    this.#rest = '';
    this.#decoder = new StringDecoder('utf8');
    return cut === '' ? [] : [cut];
  }

  async #readToEnd(): Promise<string[]> {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const lines: string[] = [];
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#position);
      if (bytesRead === 0) return lines.filter((line) => line !== '');
      this.#position += bytesRead;
      const parts = (this.#rest + this.#decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      this.#rest = parts.pop() ?? '';
      if (this.#midLine && parts.length > 0) {
        parts.shift();
        this.#midLine = false;
      }
      lines.push(...parts);
    }
  }

  /** The file that has the name now, if it is another one. Undefined while there is none. */
  async #openRotated(): Promise<FileHandle | undefined> {
    const now = await stat(this.#file).catch(() => undefined);
    if (now === undefined || now.ino === (await this.#handle.stat()).ino) return undefined;
    return openRegularFile(this.#file).catch(() => undefined);
  }
}
