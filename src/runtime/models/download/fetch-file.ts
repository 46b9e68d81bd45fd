import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'undici';
import { OcrHubError } from '../../errors/error.js';
import { PartialFile } from './partial-file.js';
import { StallWatch } from './stall-watch.js';
import type { Transport } from './transport.js';

export interface FetchLimits {
  /** Longest wait for the next byte, in milliseconds. */
  readonly stallMs: number;
  /** How many attempts in succession may come no further than those before. */
  readonly attempts: number;
  /** First pause between two attempts, in milliseconds; it grows with each. */
  readonly pauseMs: number;
  /** Largest file whose size neither the manifest nor the server tells, in bytes. */
  readonly maxBytes: number;
}

export const fetchLimits: FetchLimits = { stallMs: 30_000, attempts: 4, pauseMs: 500, maxBytes: 512 * 1024 ** 2 };

export interface FetchRequest {
  readonly url: string;
  /** Where the file shall be in the end; it comes into a partial one beside it. */
  readonly target: string;
  /** Bytes, where they are known beforehand. */
  readonly size: number | undefined;
  readonly limits: FetchLimits;
  readonly onBytes: (received: number, total: number | undefined) => void;
}

/**
 * Fetches a file, going on where an earlier attempt, of this or another process, stopped.
 *
 * @returns the whole file, still as a partial one
 * @throws OcrHubError `download_failed`; what came so far stays for the next run where it can be continued
 */
export async function fetchFile(transport: Transport, request: FetchRequest): Promise<PartialFile> {
  const fetching = new Fetching(transport, request, await PartialFile.claim(request.target));
  let furthest = 0;
  for (let fruitless = 0; ;) {
    try {
      return await fetching.attempt();
    } catch (error) {
      const reached = await fetching.reached();
      fruitless = reached > furthest ? 0 : fruitless + 1;
      furthest = Math.max(furthest, reached);
      if (error instanceof FinalError || fruitless >= request.limits.attempts) {
        const resumable = await fetching.giveUp(error instanceof FinalError);
        const problem = problemOf(error);
        throw new OcrHubError('download_failed', { url: request.url, problem, resumable }, { cause: error });
      }
    }
    await sleep(request.limits.pauseMs * (fruitless + 1));
  }
}

/** Trying again changes nothing. */
class FinalError extends Error {}

class Fetching {
  readonly #transport: Transport;
  readonly #request: FetchRequest;
  #partial: PartialFile | undefined;

  constructor(transport: Transport, request: FetchRequest, partial: PartialFile | undefined) {
    this.#transport = transport;
    this.#request = request;
    this.#partial = partial;
  }

  async attempt(): Promise<PartialFile> {
    const offset = await this.reached();
    const watch = new StallWatch(this.#request.limits.stallMs);
    try {
      const range: Record<string, string> = offset > 0 ? { Range: `bytes=${offset}-` } : {};
      const response = await this.#transport.get(this.#request.url, range, watch.signal);
      // What is here is longer than the file, or the very end of it was cut off: start anew.
      if (response.status === 416) await this.#discard();
      refuseStatus(response, this.#request.url);
      const answer = answerOf(response, this.#request);
      if (answer.from !== 0 && (answer.from !== offset || answer.version !== this.#partial?.version)) {
        await this.#discard();
        throw new Error('the server goes on with something else than what is here');
      }
      if (answer.from === 0) {
        await this.#discard();
        this.#partial = await PartialFile.create(this.#request.target, answer.version);
      }
      const partial = this.#partial ?? (await PartialFile.create(this.#request.target, answer.version));
      await this.#append(partial, response, answer, watch);
      return partial;
    } catch (error) {
      throw watch.signal.aborted ? new Error(`nothing came for ${this.#request.limits.stallMs / 1000} s`) : error;
    } finally {
      watch.stop();
    }
  }

  /** Bytes that are here. */
  async reached(): Promise<number> {
    return (await this.#partial?.size()) ?? 0;
  }

  /** @returns whether something is left that the next run can go on with */
  async giveUp(discard: boolean): Promise<boolean> {
    if (discard) await this.#discard();
    const left = (await this.reached()) > 0;
    await this.#partial?.release();
    return left;
  }

  async #append(partial: PartialFile, response: Response, { from, total }: Answer, watch: StallWatch): Promise<void> {
    const { limits, onBytes } = this.#request;
    let received = from;
    const handle = await open(partial.file, 'a');
    try {
      onBytes(received, total);
      for await (const chunk of response.body ?? []) {
        const bytes = chunk as Uint8Array;
        watch.beat();
        if (received + bytes.length > (total ?? limits.maxBytes))
          throw new FinalError(`more comes than ${total ?? limits.maxBytes} bytes`);
        await handle.appendFile(bytes);
        received += bytes.length;
        onBytes(received, total);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (total !== undefined && received < total) throw new Error(`it broke off after ${received} of ${total} bytes`);
  }

  async #discard(): Promise<void> {
    await this.#partial?.discard();
    this.#partial = undefined;
  }
}

interface Answer {
  /** The first byte that comes. */
  readonly from: number;
  /** The size of the whole file, where anybody told it. */
  readonly total: number | undefined;
  /** Which content it is, so that no part of another one is continued. */
  readonly version: string;
}

function answerOf(response: Response, { url, size }: FetchRequest): Answer {
  const { headers, status } = response;
  const [, first, whole] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  // A part without a word on which part it is cannot be placed.
  const from = status === 206 ? Number(first ?? -1) : 0;
  const announced = status === 206 ? whole : headers.has('content-encoding') ? null : headers.get('content-length');
  const told = announced === null || announced === undefined ? undefined : Number(announced);
  if (told !== undefined && size !== undefined && told !== size)
    throw new FinalError(`it has ${told} bytes there, expected are ${size}`);
  const mark = headers.get('etag') ?? headers.get('last-modified') ?? '';
  const version = createHash('sha256')
    .update(`${url} ${mark} ${told ?? ''}`)
    .digest('hex')
    .slice(0, 12);
  return { from, total: size ?? told, version };
}

/** What another attempt may mend is tried again: the server is busy (408, 429, 5xx), or had no such range (416). */
function refuseStatus(response: Response, url: string): void {
  const { status } = response;
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw new FinalError(`it leads to an unencrypted address, ${response.url}`);
  if (status === 200 || status === 206) return;
  if (status >= 500 || [408, 416, 429].includes(status)) throw new Error(`HTTP ${status}`);
  throw new FinalError(`HTTP ${status}`);
}

/** `fetch` says "fetch failed", and why in the cause. */
function problemOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  const { code = '' } = cause as NodeJS.ErrnoException;
  return cause.message === '' ? code : cause.message;
}
