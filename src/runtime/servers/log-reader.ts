import { open, stat, type FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors/error.js';
import type { Home } from '../config/home.js';
import { logFile } from './log-file.js';

/** How often a followed log is looked at. Milliseconds. */
const pollInterval = 300;

/** How far from its end a log is read for its last lines: far more than a screen. Bytes. */
const tailBytes = 4 * 1024 * 1024;

const chunkBytes = 256 * 1024;

/** Reads a port's log: what is there, then what comes, also over a rotation. */
export class LogReader {
  readonly #file: string;
  #handle: FileHandle;
  /** Bytes of the open file that have been read. */
  #position: number;
  #decoder = new StringDecoder('utf8');
  /** Whether reading begins in the middle of a line, which is skipped. */
  #midLine = false;
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
    reader.#midLine = size > tailBytes;
    return reader;
  }

  /** What has come of a line whose end is not there yet: a disk that is full cuts lines off. */
  get unfinished(): string {
    return this.#rest;
  }

  /** The whole lines that have come since the last call. */
  async lines(): Promise<string[]> {
    const lines = await this.#readToEnd();
    const next = await this.#rotated();
    if (next !== undefined) {
      // What was written between the last read and the rotation, then the new file from its top.
      lines.push(...(await this.#readToEnd()));
      await this.#handle.close();
      this.#handle = next;
      lines.push(...this.#fromTop(), ...(await this.#readToEnd()));
    } else if ((await this.#handle.stat()).size < this.#position) {
      // Emptied in its place, as logrotate's copytruncate does.
      lines.push(...this.#fromTop(), ...(await this.#readToEnd()));
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

  /** @returns the line that has lost its end */
  #fromTop(): string[] {
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

  /** The file that bears the name now, when it is another one; undefined also while there is none. */
  async #rotated(): Promise<FileHandle | undefined> {
    const now = await stat(this.#file).catch(() => undefined);
    if (now === undefined || now.ino === (await this.#handle.stat()).ino) return undefined;
    return open(this.#file).catch(() => undefined);
  }
}
