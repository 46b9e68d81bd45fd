import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address is one of the public internet. Addresses that hold another address (mapped IPv4, NAT64, 6to4, Teredo)
 * are not public, because the address inside may be a private one.
 */
export function isPublicAddress(text: string): boolean {
  // ipaddr.js also reads octal, decimal and hexadecimal spellings, and zones.
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || (address.match(globalUnicast) && !holdsIPv4(address));
}

/** IANA has assigned no other addresses to the public internet. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** ISATAP writes an IPv4 address behind 0:5efe or 200:5efe. */
function holdsIPv4({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200);
}
