import type { HttpOptions } from '../../src/runtime/http/http-options.js';

/** Options for `createApp`: those of a server that was started without flags, except those given. */
export function httpOptions(given: Partial<HttpOptions> = {}): HttpOptions {
  return {
    maxBody: 1_000_000,
    timeout: 60,
    allowUrls: [],
    token: () => undefined,
    ui: false,
    basePath: '',
    trustProxy: [],
    ...given,
  };
}
