import { OcrHubError } from '../errors/error.js';
import { fetchRemoteFiles } from '../remote-files/fetch-remote-files.js';
import { parseHostPattern, type HostPattern } from '../addresses/host-pattern.js';
import type { RequestFile } from '../service/contract.js';
import { ArrivingBody } from './body/arriving-body.js';
import type { ByteBudget } from './body/byte-budget.js';
import type { HttpOptions } from './http-options.js';

type FetchOptions = Pick<HttpOptions, 'allowUrls' | 'maxBody' | 'timeout'>;

/** Seconds for all addresses of a request. */
const maxSeconds = 20;

/** Fetches files whose addresses came in a request. */
export class FileFetcher {
  readonly #hosts: readonly HostPattern[];
  readonly #maxBytes: number;
  readonly #timeoutMs: number;
  readonly #arrivals: ByteBudget;

  /** @param arrivals memory for what is being received */
  constructor({ allowUrls, maxBody, timeout }: FetchOptions, arrivals: ByteBudget) {
    this.#hosts = allowUrls.map(parseHostPattern).filter((pattern) => pattern !== undefined);
    this.#maxBytes = maxBody;
    this.#timeoutMs = Math.min(timeout, maxSeconds) * 1000;
    this.#arrivals = arrivals;
  }

  /**
   * Adds the files at `urls` to the files of a request. All of them count against the memory for arriving bodies until the last
   * one is here.
   *
   * @throws OcrHubError `urls_refused`, `arrivals_full`, and those of `fetchRemoteFiles`
   */
  async withFetched(
    files: readonly RequestFile[],
    urls: readonly string[],
    client: AbortSignal,
  ): Promise<readonly RequestFile[]> {
    if (this.#hosts.length === 0) throw new OcrHubError('urls_refused', {});
    const arrivals = this.#arrivals;
    const outOfMemory = new AbortController();
    const full = new OcrHubError('arrivals_full', { limit: arrivals.size });
    const held = { giveWay: () => outOfMemory.abort(full) };
    const sinks: ArrivingFile[] = [];
    const newSink = (): ArrivingFile => {
      const sink = new ArrivingFile(new ArrivingBody(arrivals, held.giveWay), full);
      sinks.push(sink);
      return sink;
    };
    try {
      if (!arrivals.take(held, bytesOf(files))) throw full;
      const limit = { size: this.#maxBytes, left: this.#maxBytes };
      const stop = AbortSignal.any([client, outOfMemory.signal]);
      const policy = { hosts: this.#hosts, limit, newSink };
      const fetched = await fetchRemoteFiles(urls, policy, { timeoutMs: this.#timeoutMs, stop });
      return [...files, ...fetched.map(({ name, sink }) => ({ name, bytes: sink.body.whole() }))];
    } finally {
      for (const { body } of sinks) body.close();
      arrivals.giveBack(held);
    }
  }
}

class ArrivingFile {
  readonly body: ArrivingBody;
  readonly #full: OcrHubError;

  constructor(body: ArrivingBody, full: OcrHubError) {
    this.body = body;
    this.#full = full;
  }

  add(chunk: Buffer): void {
    if (!this.body.add(chunk)) throw this.#full;
  }
}

function bytesOf(files: readonly RequestFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
