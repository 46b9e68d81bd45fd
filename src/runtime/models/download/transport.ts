import type { Dispatcher, Response } from 'undici';

/** HTTP as a download needs it; `close` lets the process end. */
export interface Transport {
  get(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response>;
  close(): Promise<void>;
}

/** Goes through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name; Node 20's own fetch knows none. */
export async function openTransport(): Promise<Transport> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  // Plain HTTP is asked of a proxy as such: many let tunnels through to port 443 alone.
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({ proxyTunnel: false });
  return {
    // A packed body would neither have the announced length nor continue where a part ends.
    get: (url, headers, signal) =>
      fetch(url, { dispatcher, signal, headers: { ...headers, 'Accept-Encoding': 'identity' } }),
    close: () => dispatcher.destroy(),
  };
}
