/** A host from which a server may fetch files. */
export interface HostPattern {
  /** As the WHATWG URL parser writes it: lower case, punycode, IPv6 in brackets. */
  readonly host: string;
  /** Whether the pattern stands for all subdomains of `host`, and not for `host` itself. */
  readonly subdomains: boolean;
  /** undefined: the ports 80 and 443. */
  readonly port: number | undefined;
}

/** Reads `example.com`, `*.example.com`, `example.com:8443`, `203.0.113.7` or `[2001:db8::7]`; undefined for any other text. */
export function parseHostPattern(text: string): HostPattern | undefined {
  const [, wildcard, name = '', portText] =
    /^(\*\.)?(\[[\da-f:.]+\]|[^\s:/?#@[\]\\%*,]+?)(?::(\d+))?$/i.exec(text) ?? [];
  const subdomains = wildcard !== undefined;
  const port = portText === undefined ? undefined : Number(portText);
  if (name === '' || name.endsWith('.') || port === 0 || Number(port) > 65_535) return undefined;
  // A pattern such as *.com would allow hosts of strangers.
  if (subdomains && !name.includes('.')) return undefined;
  const host = hostOf(name);
  if (host === undefined) return undefined;
  const isAddress = host.startsWith('[') || /^[\d.]+$/.test(host);
  // 0177.0.0.1 and 2130706433 are spellings of 127.0.0.1 that a reader of the list does not recognize.
  if (isAddress && (subdomains || host !== name.toLowerCase())) return undefined;
  return { host, subdomains, port };
}

/** Whether a pattern stands for the host and the port of an address. */
export function matchesHost(
  { host, subdomains, port }: HostPattern,
  { hostname, port: given, protocol }: URL,
): boolean {
  const isHost = subdomains ? hostname.endsWith(`.${host}`) && hostname.length > host.length + 1 : hostname === host;
  const actual = given === '' ? defaultPorts[protocol] : Number(given);
  return isHost && (port === undefined ? actual === 80 || actual === 443 : actual === port);
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

function hostOf(name: string): string | undefined {
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return undefined;
  }
}
