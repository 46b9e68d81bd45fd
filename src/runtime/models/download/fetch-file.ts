import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRegularFile } from '../../files/read-regular.js';
import type { Response } from 'undici';
import { OcrHubError } from '../../errors/error.js';
import { PartialFile } from './partial-file.js';
import { StallWatch } from './stall-watch.js';
import type { Transport } from './transport.js';

export interface FetchLimits {
  /** Maximum wait for the next bytes, in milliseconds. In this time `minRate` must be reached too. */
  readonly stallMs: number;
  /** Minimum rate in bytes per second. */
  readonly minRate: number;
  /** Maximum number of successive attempts without progress. */
  readonly attempts: number;
  /** The first pause between two attempts, in milliseconds. It grows with each attempt without progress. */
  readonly pauseMs: number;
  /** Maximum size in bytes if the manifest does not tell the size. */
  readonly maxBytes: number;
}

export const defaultFetchLimits: FetchLimits = {
  stallMs: 30_000,
  // A modem of the telephone network has seven times as much.
  minRate: 1024,
  attempts: 4,
  pauseMs: 500,
  maxBytes: 512 * 1024 ** 2,
};

export interface FetchRequest {
  readonly url: string;
  /** The final path. The download goes into a partial file beside it. */
  readonly target: string;
  /** The size in bytes according to the manifest, if it tells it. */
  readonly size: number | undefined;
  readonly limits: FetchLimits;
  readonly onBytes: (received: number, total: number | undefined) => void;
}

/**
 * Fetches a file. Resumes where an earlier attempt of this or another process stopped.
 *
 * @returns the complete file, still under its partial name
 * @throws OcrHubError `download_failed`, `folder_unwritable`; the partial file stays for the next run if it can be resumed
 */
export async function fetchFile(transport: Transport, request: FetchRequest): Promise<PartialFile> {
  const fetching = new Fetching(transport, request, await PartialFile.claim(request.target));
  let furthest = 0;
  for (let withoutProgress = 0; ;) {
    try {
      return await fetching.attempt();
    } catch (error) {
      if (OcrHubError.is(error)) {
        await fetching.giveUp(false);
        throw error;
      }
      const reached = await fetching.reached();
      // A server that sends single bytes would never be given up otherwise.
      withoutProgress = reached > furthest && reached >= furthest + minBytes(request.limits) ? 0 : withoutProgress + 1;
      furthest = Math.max(furthest, reached);
      if (error instanceof FinalError || withoutProgress >= request.limits.attempts) {
        const resumable = await fetching.giveUp(error instanceof FinalError);
        const problem = problemOf(error);
        throw new OcrHubError('download_failed', { url: request.url, problem, resumable }, { cause: error });
      }
    }
    await sleep(request.limits.pauseMs * (withoutProgress + 1));
  }
}

/** The bytes that must come in `stallMs`. */
function minBytes({ stallMs, minRate }: FetchLimits): number {
  return Math.ceil((stallMs / 1000) * minRate);
}

/** An error that another attempt would repeat. */
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
    const watch = new StallWatch(this.#request.limits.stallMs, minBytes(this.#request.limits));
    try {
      const range: Record<string, string> = offset > 0 ? { Range: `bytes=${offset}-` } : {};
      const response = await this.#transport.get(this.#request.url, range, watch.signal);
      // The partial file is longer than the file: start again.
      if (response.status === 416) await this.#discard();
      refuseStatus(response, this.#request.url);
      const answer = answerOf(response, this.#request);
      if (answer.from !== 0 && (answer.from !== offset || answer.version !== this.#partial?.version)) {
        await this.#discard();
        throw new Error('the server continues with other content than the partial file has');
      }
      if (answer.from === 0) {
        await this.#discard();
        this.#partial = await PartialFile.create(this.#request.target, answer.version);
      }
      const partial = this.#partial ?? (await PartialFile.create(this.#request.target, answer.version));
      await this.#append(partial, response, answer, watch);
      return partial;
    } catch (error) {
      throw watch.signal.aborted ? new Error(watch.problem) : error;
    } finally {
      watch.stop();
    }
  }

  /** The size of the partial file in bytes. */
  async reached(): Promise<number> {
    return (await this.#partial?.size()) ?? 0;
  }

  /** @returns whether the next run can resume */
  async giveUp(discard: boolean): Promise<boolean> {
    if (discard) await this.#discard();
    const left = (await this.reached()) > 0;
    await this.#partial?.release();
    return left;
  }

  async #append(partial: PartialFile, response: Response, { from, total }: Answer, watch: StallWatch): Promise<void> {
    const { limits, onBytes } = this.#request;
    let received = from;
    const { O_WRONLY, O_CREAT, O_APPEND } = constants;
    const unwritable = (error: unknown): never => {
      const details = { folder: path.dirname(partial.file), problem: (error as Error).message };
      throw new OcrHubError('folder_unwritable', details, { cause: error });
    };
    const handle = await openRegularFile(partial.file, O_WRONLY | O_CREAT | O_APPEND).catch(unwritable);
    try {
      onBytes(received, total);
      for await (const chunk of response.body ?? []) {
        const bytes = chunk as Uint8Array;
        watch.beat(bytes.length);
        if (received + bytes.length > (total ?? limits.maxBytes))
          throw new FinalError(`more comes than ${total ?? limits.maxBytes} bytes`);
        await handle.appendFile(bytes).catch(unwritable);
        received += bytes.length;
        onBytes(received, total);
      }
      await handle.sync().catch(unwritable);
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
  /** The index of the first byte of the body. */
  readonly from: number;
  /** The size of the whole file, if the manifest or the server tells it. */
  readonly total: number | undefined;
  /** Identifies the content, so that a part of other content is not continued. */
  readonly version: string;
}

function answerOf(response: Response, { url, size, limits }: FetchRequest): Answer {
  const { headers, status } = response;
  const [, first, whole] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  // A 206 without Content-Range is unusable.
  const from = status === 206 ? Number(first ?? -1) : 0;
  const announced = status === 206 ? whole : headers.has('content-encoding') ? null : headers.get('content-length');
  const told = announced === null || announced === undefined ? undefined : Number(announced);
  if (told !== undefined && size !== undefined && told !== size)
    throw new FinalError(`it has ${told} bytes there, expected are ${size}`);
  if (size === undefined && told !== undefined && told > limits.maxBytes)
    throw new FinalError(`it has ${told} bytes there, and at most ${limits.maxBytes} are taken`);
  const mark = headers.get('etag') ?? headers.get('last-modified') ?? '';
  const version = createHash('sha256')
    .update(`${url} ${mark} ${told ?? ''}`)
    .digest('hex')
    .slice(0, 12);
  return { from, total: size ?? told, version };
}

/** Another attempt may help if the server is busy (408, 429, 5xx) or does not have the range (416). */
function refuseStatus(response: Response, url: string): void {
  const { status } = response;
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw new FinalError(`it leads to an unencrypted address, ${response.url}`);
  if (status === 200 || status === 206) return;
  if (status >= 500 || [408, 416, 429].includes(status)) throw new Error(`HTTP ${status}`);
  throw new FinalError(`HTTP ${status}`);
}

/** The reason of an error. The message of `fetch` itself is "fetch failed"; its cause has the reason. */
function problemOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  const { code = '' } = cause as NodeJS.ErrnoException;
  return cause.message === '' ? code : cause.message;
}
