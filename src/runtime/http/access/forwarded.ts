import { isIP } from 'node:net';
import type { Request } from 'express';
import { parse } from 'forwarded-parse';
import { isPathPrefix } from '../../addresses/path-prefix.js';

/** How the client sees the server, and from where it comes. */
export interface ClientView {
  /** Its IP address. */
  readonly address: string;
  readonly protocol: 'http' | 'https';
  /** The host that it asked for, with the port if it named one; undefined if it named none that is one. */
  readonly host: string | undefined;
  /** The path that a proxy has cut off, such as `/tools`; otherwise empty. */
  readonly prefix: string;
}

/**
 * The client as the connection shows it. If the connection comes from a trusted proxy, the headers of the proxy come first:
 * X-Forwarded-For, -Proto, -Host and -Prefix, or `Forwarded` (RFC 7239) of a proxy that sends none of them. A client behind a
 * proxy could write the headers that its proxy does not set, so the two kinds are not mixed.
 */
export function clientView(request: Request): ClientView {
  const peer = request.socket.remoteAddress ?? '';
  const own = {
    address: peer,
    protocol: 'encrypted' in request.socket ? 'https' : 'http',
    host: hostIn(request.get('host')),
    prefix: '',
  } as const;
  const trusts = request.app.get('trust proxy fn') as Trusts;
  if (!trusts(peer, 0)) return own;
  const { address, protocol, host, prefix } = isXForwarded(request)
    ? fromXForwarded(request)
    : fromRfc7239(request, trusts);
  return {
    address: address !== undefined && isIP(address) !== 0 ? address : own.address,
    protocol: protocol === 'http' || protocol === 'https' ? protocol : own.protocol,
    host: hostIn(host) ?? own.host,
    prefix: prefixIn(prefix),
  };
}

/** Express's test of an address, made from the option. */
type Trusts = (address: string, hop: number) => boolean;

/** What a proxy says, unchecked. */
interface Said {
  readonly address?: string | undefined;
  readonly protocol?: string | undefined;
  readonly host?: string | undefined;
  readonly prefix?: string | undefined;
}

function isXForwarded(request: Request): boolean {
  return ['for', 'proto', 'host', 'prefix'].some((part) => request.get(`x-forwarded-${part}`) !== undefined);
}

function fromXForwarded(request: Request): Said {
  const { ip, protocol, host } = request;
  const [prefix] = request.get('x-forwarded-prefix')?.split(',') ?? [];
  return { address: ip, protocol, host, prefix: prefix?.trim() };
}

/** Each proxy has added an element behind those of the proxies before it. */
function fromRfc7239(request: Request, trusts: Trusts): Said {
  let said: Said = {};
  for (const { for: node = '', proto, host } of elementsOf(request.get('forwarded')).reverse()) {
    const address = addressIn(node);
    said = { address, protocol: proto?.toLowerCase(), host };
    if (address === undefined || !trusts(address, 0)) break;
  }
  return said;
}

interface Element {
  readonly for?: string;
  readonly proto?: string;
  readonly host?: string;
}

/** A header that cannot be read counts as missing. */
function elementsOf(header: string | undefined): Element[] {
  try {
    return header === undefined ? [] : parse(header);
  } catch {
    return [];
  }
}

/** The address in `192.0.2.7:8080` or `[2001:db8::7]:8080`; undefined for `unknown` and `_hidden`. */
function addressIn(node: string): string | undefined {
  const [, v6, v4] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\w+)?$/.exec(node) ?? [];
  const address = v6 ?? v4 ?? '';
  return isIP(address) === 0 ? undefined : address;
}

function hostIn(text: string | undefined): string | undefined {
  return text !== undefined && /^(?:[a-z\d._-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(text) ? text : undefined;
}

function prefixIn(text: string | undefined): string {
  const prefix = text?.replace(/\/$/, '') ?? '';
  return isPathPrefix(prefix) ? prefix : '';
}
