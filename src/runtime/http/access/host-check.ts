import type { Request } from 'express';
import { parseHostPattern, type HostPattern } from '../../addresses/host-pattern.js';
import { isLoopback } from '../../addresses/loopback.js';
import { OcrHubError } from '../../errors/error.js';
import { clientView } from './forwarded.js';

export interface HostOptions {
  /** The address that the server listens on. */
  readonly host: string;
  /** Patterns of further hosts under which the server is asked; empty: none. */
  readonly allowedHosts: readonly string[];
}

/**
 * Refuses a request to a host that is not this server's. A web page can make its own name stand for 127.0.0.1 (DNS rebinding);
 * the browser then lets it read answers of a server that only this machine reaches. A server for other machines is checked if
 * its hosts are listed.
 *
 * @throws OcrHubError `host_refused`, `request_malformed`
 */
export function createHostCheck({ host, allowedHosts }: HostOptions): (request: Request) => void {
  const patterns = allowedHosts.map(parseHostPattern).filter((pattern) => pattern !== undefined);
  return (request) => {
    requireOneHost(request);
    if (patterns.length === 0 && !isForThisMachine(request, host)) return;
    const asked = askedHost(request);
    // A browser always names a host. HTTP/1.0 without one comes from programs such as load balancers.
    if (asked === undefined) return;
    const url = parseAuthority(asked, clientView(request).protocol);
    const isOwn = url !== undefined && (isLoopback(url.hostname) || isAddressOf(url, host));
    if (isOwn || (url !== undefined && patterns.some((pattern) => matches(pattern, url)))) return;
    throw new OcrHubError('host_refused', { host: asked.slice(0, 255) });
  };
}

/**
 * A request of HTTP/1.1 names one host (RFC 9112, 3.2). Of two, Node takes the first; a proxy before the server may have taken the
 * other one.
 */
function requireOneHost({ httpVersion, rawHeaders }: Request): void {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return;
  const problem = hosts === 0 ? 'it has no Host header' : `it has ${hosts} Host headers`;
  throw new OcrHubError('request_malformed', { problem, expected: 'one Host header' });
}

/** The host of an absolute address in the first line comes before the header, as RFC 9112 says. */
function askedHost(request: Request): string | undefined {
  return /^https?:\/\/([^/?#]*)/i.exec(request.originalUrl)?.[1] ?? request.get('host');
}

/** Whether the server listens on a loopback address. `host` may be a name of one. */
function isForThisMachine(request: Request, host: string): boolean {
  if (isLoopback(host)) return true;
  const isEverywhere = host === '0.0.0.0' || host === '::';
  return !isEverywhere && isLoopback(request.socket.localAddress ?? '');
}

/** @param protocol says the port of a host without one */
function parseAuthority(text: string, protocol: 'http' | 'https'): URL | undefined {
  const isAuthority = /^(?:[^\s/?#@\\[\]:]+|\[[\da-f:.]+\])(?::\d*)?$/i.test(text);
  const address = `${protocol}://${text}`;
  return isAuthority && URL.canParse(address) ? new URL(address) : undefined;
}

function isAddressOf({ hostname }: URL, host: string): boolean {
  return hostname === host.toLowerCase() || hostname === `[${host.toLowerCase()}]`;
}

function matches({ host, subdomains, port }: HostPattern, url: URL): boolean {
  const isHost = subdomains ? url.hostname.endsWith(`.${host}`) : url.hostname === host;
  return isHost && (port === undefined || port === Number(url.port || (url.protocol === 'https:' ? 443 : 80)));
}
