import type { Dispatcher, Response } from 'undici';

/** HTTP for downloads. Open connections keep the process alive until `close`. */
export interface Transport {
  get(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response>;
  close(): Promise<void>;
}

/** Uses the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which the fetch of Node 20 ignores. */
export async function openTransport(): Promise<Transport> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  // Plain HTTP goes through the proxy without a tunnel: many proxies allow tunnels to port 443 only.
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({ proxyTunnel: false });
  return {
    // A compressed body has another length than the file, and its ranges are ranges of the compressed bytes.
    get: (url, headers, signal) =>
      fetch(url, { dispatcher, signal, headers: { ...headers, 'Accept-Encoding': 'identity' } }),
    close: () => dispatcher.destroy(),
  };
}
