import { isIPv4 } from 'node:net';

/**
 * Whether a host or an address stands for this machine alone: `localhost`, 127.0.0.0/8 and `::1`, also in brackets.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const address = name.startsWith('::ffff:') ? name.slice('::ffff:'.length) : name;
  return name === 'localhost' || name === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
