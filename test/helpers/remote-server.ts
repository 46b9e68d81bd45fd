import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Network } from '../../src/runtime/remote-files/network.js';

/** Starts a server from which files are fetched, on a free port of this machine. */
export async function startRemote(answer: RequestListener): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.headers.host} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

export const loopback = { address: '127.0.0.1', family: 4 };

/** A network in which each host is this machine and every address is public. */
export const openNetwork: Network = {
  resolve: () => Promise.resolve([loopback]),
  isPublic: () => true,
};
