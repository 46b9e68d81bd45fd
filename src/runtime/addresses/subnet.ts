import { isIP } from 'node:net';

/** Whether a text is an IP address, or one with the length of its prefix: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`. */
export function isSubnet(text: string): boolean {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && !address.includes('%') && Number(length ?? 0) <= (family === 4 ? 32 : 128);
}

/** Whether a subnet holds all addresses of its family. */
export function isEverywhere(subnet: string): boolean {
  return /\/0+$/.test(subnet);
}

/** The subnet, or its two halves if it holds all addresses, which Express refuses. */
export function partsOf(subnet: string): readonly string[] {
  if (!isEverywhere(subnet)) return [subnet];
  return subnet.includes(':') ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1'];
}
