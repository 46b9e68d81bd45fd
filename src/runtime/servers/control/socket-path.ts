import { open } from 'node:fs/promises';
import path from 'node:path';
import { maxPathBytes } from './address.js';

/** A name of a socket that is short enough for the OS. */
export interface SocketPath {
  readonly name: string;
  /** The name stands for nothing afterwards. */
  close(): Promise<void>;
}

/** The name by which a socket is opened. On Linux a long path is named through an open descriptor of its folder. */
export async function shortSocketPath(address: string): Promise<SocketPath> {
  if (process.platform !== 'linux' || Buffer.byteLength(address) < maxPathBytes) {
    return { name: address, close: () => Promise.resolve() };
  }
  const folder = await open(path.dirname(address), 'r');
  return { name: `/proc/self/fd/${folder.fd}/${path.basename(address)}`, close: () => folder.close() };
}
