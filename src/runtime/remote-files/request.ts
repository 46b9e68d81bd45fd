import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { OcrHubError } from '../errors/error.js';
import type { Network } from './network.js';
import { shownUrl } from './remote-url.js';

const connectTimeoutMs = 5000;

/**
 * Requests an address and resolves with the head of the answer. The host is resolved once, and the connection goes to an
 * address that was checked, so a name server that changes its answer gains nothing.
 *
 * @throws OcrHubError `url_refused`, `url_unreachable`
 */
export async function requestUrl(url: URL, network: Network, signal: AbortSignal): Promise<IncomingMessage> {
  const connecting = new AbortController();
  const tooSlow = setTimeout(() => {
    connecting.abort(unreachable(url, `no connection within ${connectTimeoutMs / 1000} s`));
  }, connectTimeoutMs);
  const either = AbortSignal.any([signal, connecting.signal]);
  try {
    const addresses = await untilAborted(publicAddresses(url, network), either);
    return await send(url, addresses, network, either, () => clearTimeout(tooSlow));
  } finally {
    clearTimeout(tooSlow);
  }
}

async function publicAddresses(url: URL, network: Network): Promise<readonly LookupAddress[]> {
  const addresses = await network.resolve(url.hostname.replace(/^\[|\]$/g, '')).catch((error: unknown) => {
    throw unreachable(url, `its host is not found (${codeOf(error)})`, error);
  });
  if (addresses.length === 0) throw unreachable(url, 'its host has no address');
  if (!addresses.every(({ address }) => network.isPublic(address))) {
    throw new OcrHubError('url_refused', { url: shownUrl(url), problem: 'its host has an address that is not public' });
  }
  return addresses;
}

function send(
  url: URL,
  addresses: readonly LookupAddress[],
  { ca }: Network,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<IncomingMessage> {
  const options: RequestOptions & https.RequestOptions = {
    // A connection of its own, without the proxy of a global agent.
    agent: false,
    lookup: pinnedTo(addresses),
    headers: { Accept: 'image/*, application/pdf, */*;q=0.5', 'Accept-Encoding': 'identity', 'User-Agent': 'ocrhub' },
    maxHeaderSize: 16 * 1024,
    rejectUnauthorized: true,
    signal,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, options, resolve);
    request.once('socket', (socket) => {
      socket.once('connect', () => {
        const { remoteAddress } = socket;
        if (remoteAddress === undefined || addresses.some(({ address }) => address === remoteAddress)) return;
        request.destroy(new OcrHubError('url_refused', { url: shownUrl(url), problem: 'it led to another address' }));
      });
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', onConnected);
    });
    request.on('error', (error) => reject(toOcrHubError(url, error, signal)));
    request.end();
  });
}

/** A lookup that ignores the host and answers with the checked addresses. */
function pinnedTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [{ address, family }] = addresses as [LookupAddress];
    if (all === true) callback(null, [...addresses]);
    else callback(null, address, family);
  };
}

/** The error of a connection. Its text holds addresses of the network, its code does not. */
export function toOcrHubError(url: URL, error: unknown, signal: AbortSignal): OcrHubError {
  if (OcrHubError.is(signal.reason)) return signal.reason;
  return OcrHubError.is(error) ? error : unreachable(url, `the connection failed (${codeOf(error)})`, error);
}

export function unreachable(url: URL, problem: string, cause?: unknown): OcrHubError {
  return new OcrHubError('url_unreachable', { url: shownUrl(url), problem }, { cause });
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'unknown reason';
}

/** A name server cannot be interrupted, so its answer is dropped. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
