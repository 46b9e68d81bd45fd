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

/** How long a server that no state describes may take to answer. */
const strangerTimeoutMs = 1000;

/** The process id of the ocrhub server that answers on a port of this machine; undefined if none does. */
export async function pidOfServerOn(port: number): Promise<number | undefined> {
  const answers = await Promise.all(
    [undefined, 'any'].map((cert) => {
      const options = { cert, basePath: '', grace: 0, modules: [] };
      return readHealth({ host: '127.0.0.1', port, options }, strangerTimeoutMs);
    }),
  );
  const found: { readonly pid?: unknown; readonly instance?: unknown } | undefined = answers.find(
    (answer) => answer !== undefined,
  );
  return typeof found?.pid === 'number' && typeof found.instance === 'string' ? found.pid : undefined;
}

/** The URL of a server for clients on this machine, whatever address it is bound to. */
export function localUrl({ host, port, options }: Pick<ServerState, 'host' | 'port' | 'options'>): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${options.cert === undefined ? 'http' : 'https'}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}${options.basePath}`;
}
