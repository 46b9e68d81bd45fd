import { ask } from '../client/http-request.js';
import type { Health } from '../service/contract.js';
import type { ServerState } from './state/server-state.js';

/** How long a server may take to say how it is. Milliseconds. */
const healthTimeout = 3000;

/** What the server on the port says of itself; undefined when it does not answer (it may be busy or just stopping). */
export async function readHealth(
  state: Pick<ServerState, 'host' | 'port'>,
  timeout = healthTimeout,
): Promise<Health | undefined> {
  try {
    const { text } = await ask(`${localUrl(state)}/health`, { timeout });
    return JSON.parse(text) as Health;
  } catch {
    return undefined;
  }
}

/** The address by which this machine reaches a server, whatever it is bound to. */
export function localUrl({ host, port }: { host: string; port: number }): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
