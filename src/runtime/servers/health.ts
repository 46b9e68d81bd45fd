import { sendRequest } from '../client/http-request.js';
import type { Health } from '../service/contract.js';
import type { ServerState } from './state/server-state.js';

const defaultTimeoutMs = 3000;

/** Asks a server for `/health`. Undefined if it does not answer in time, for example because it is stopping. */
export async function readHealth(
  state: Pick<ServerState, 'host' | 'port' | 'options'>,
  timeoutMs = defaultTimeoutMs,
): Promise<Health | undefined> {
  try {
    const { text } = await sendRequest(`${localUrl(state)}/health`, { timeout: timeoutMs, anyCertificate: true });
    return JSON.parse(text) as Health;
  } catch {
    return undefined;
  }
}

/** The URL of a server for clients on this machine, whatever address it is bound to. */
export function localUrl({ host, port, options }: Pick<ServerState, 'host' | 'port' | 'options'>): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${options.cert === undefined ? 'http' : 'https'}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}${options.basePath}`;
}
