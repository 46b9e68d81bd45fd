import type { IncomingMessage } from 'node:http';
import { OcrHubError } from '../errors/error.js';
import type { HostPattern } from '../addresses/host-pattern.js';
import { internet, type Network } from './network.js';
import { parseRedirect, shownUrl, fileNameOf } from './remote-url.js';
import { requestUrl, toOcrHubError, unreachable } from './request.js';

/** What a fetch may do. */
export interface RemotePolicy<S extends ByteSink = ByteSink> {
  readonly hosts: readonly HostPattern[];
  /** Shared by the files of a request. */
  readonly limit: ByteLimit;
  /** Called for each file. */
  readonly newSink: () => S;
  readonly network?: Network;
}

interface ByteLimit {
  readonly size: number;
  left: number;
}

/** Takes the bytes of one file as they arrive. */
export interface ByteSink {
  /** @throws OcrHubError when there is no memory for them */
  add(chunk: Buffer): void;
}

export interface RemoteFile<S extends ByteSink> {
  /** The last part of the address's path. */
  readonly name: string;
  readonly sink: S;
}

const maxRedirects = 3;

/**
 * Fetches a file from a host on the list. Each redirect is checked like the first address.
 *
 * @param url an address from `parseRemoteUrl`
 * @param signal ends the fetch; its reason is thrown if it is an OcrHubError
 * @throws OcrHubError `url_refused`, `url_host_refused`, `url_unreachable`, `url_too_large`
 */
export async function fetchRemoteFile<S extends ByteSink>(
  url: URL,
  policy: RemotePolicy<S>,
  signal: AbortSignal,
): Promise<RemoteFile<S>> {
  const { hosts, network = internet } = policy;
  let from = url;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const answer = await requestUrl(from, network, signal);
    try {
      const { statusCode = 0, headers } = answer;
      if (!redirects.has(statusCode)) {
        const sink = policy.newSink();
        await receive(answer, from, policy.limit, sink, signal);
        return { name: fileNameOf(url), sink };
      }
      from = parseRedirect(headers.location ?? '', from, hosts);
    } finally {
      answer.destroy();
    }
  }
  throw unreachable(url, `it redirects more than ${maxRedirects} times`);
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

async function receive(
  answer: IncomingMessage,
  url: URL,
  limit: ByteLimit,
  sink: ByteSink,
  signal: AbortSignal,
): Promise<void> {
  const { statusCode, headers } = answer;
  if (statusCode !== 200) throw unreachable(url, `it answers HTTP ${statusCode}`);
  // The size of a compressed file is unknown until it is unpacked.
  const encoding = headers['content-encoding'] ?? 'identity';
  const transfer = headers['transfer-encoding'] ?? 'chunked';
  if (encoding.toLowerCase() !== 'identity' || transfer.toLowerCase() !== 'chunked') {
    throw unreachable(url, 'it answers with a compressed file, which was not asked for');
  }
  const tooLarge = (): OcrHubError => new OcrHubError('url_too_large', { url: shownUrl(url), limit: limit.size });
  if (Number(headers['content-length'] ?? 0) > limit.left) throw tooLarge();
  let length = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length;
      limit.left -= chunk.length;
      if (limit.left < 0) throw tooLarge();
      sink.add(chunk);
    }
  } catch (error) {
    throw toOcrHubError(url, error, signal);
  }
  if (!answer.complete) throw unreachable(url, 'its answer ends too early');
  if (length === 0) throw unreachable(url, 'its file is empty');
}
