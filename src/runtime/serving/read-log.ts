import { open, stat, type FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors.js';
import type { Home } from '../settings.js';
import { logFile } from './log.js';

/** How often a followed log is looked at. Milliseconds. */
const pollInterval = 300;

/** How far from its end a log is read for its last lines: far more than a screen. Bytes. */
const tailBytes = 4 * 1024 * 1024;

/** Reads a port's log: what is there, then what comes, also over a rotation. */
export class LogReader {
  readonly #file: string;
  #handle: FileHandle;
  /** Bytes of the open file that have been read. */
  #position: number;
  #decoder = new StringDecoder('utf8');
  /** The beginning of a line whose end is not there yet. */
  #rest = '';

  private constructor(file: string, handle: FileHandle, position: number) {
    this.#file = file;
    this.#handle = handle;
    this.#position = position;
  }

  /** @throws OcrHubError `log_not_found` */
  static async open(home: Home, port: number): Promise<LogReader> {
    const file = logFile(home, port);
    const handle = await open(file).catch((error: unknown) => {
      throw new OcrHubError('log_not_found', { file, port }, { cause: error });
    });
    const { size } = await handle.stat();
    const reader = new LogReader(file, handle, Math.max(0, size - tailBytes));
    // Reading begins within a line, unless it begins at the top.
    if (size > tailBytes) await reader.#readLine();
    return reader;
  }

  /** The whole lines that have come since the last call. */
  async lines(): Promise<string[]> {
    const lines = await this.#readToEnd();
    if (await this.#rotated()) {
      // What was written between the last read and the rotation, then the new file from its top.
      lines.push(...(await this.#readToEnd()));
      await this.#handle.close();
      this.#handle = await open(this.#file);
      this.#position = 0;
      lines.push(...(await this.#readToEnd()));
    }
    return lines;
  }

  /** Lines as they come; ends with the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<string> {
    while (!signal.aborted) {
      yield* await this.lines();
      await sleep(pollInterval, undefined, { signal }).catch(() => undefined);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #readLine(): Promise<void> {
    const lines = await this.#readToEnd();
    this.#rest = [...lines.slice(1), this.#rest].join('\n');
  }

  async #readToEnd(): Promise<string[]> {
    const { size } = await this.#handle.stat();
    const length = Math.max(0, size - this.#position);
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, this.#position);
    this.#position += bytesRead;
    const parts = (this.#rest + this.#decoder.write(buffer.subarray(0, bytesRead))).split('\n');
    this.#rest = parts.pop() ?? '';
    return parts.filter((line) => line !== '');
  }

  /** Whether the name means another file now; false while there is none. */
  async #rotated(): Promise<boolean> {
    const now = await stat(this.#file).catch(() => undefined);
    return now !== undefined && now.ino !== (await this.#handle.stat()).ino;
  }
}
