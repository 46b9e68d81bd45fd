import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isPublicAddress } from './public-address.js';

/** What a fetch uses of the network. Tests have one of their own; no option changes it. */
export interface Network {
  /** All addresses of a host. */
  resolve(host: string): Promise<readonly LookupAddress[]>;
  isPublic(address: string): boolean;
  /** Certificates to trust instead of those of Node.js. */
  readonly ca?: string;
}

export const internet: Network = {
  resolve: (host) => lookup(host, { all: true }),
  isPublic: isPublicAddress,
};
