import type { HttpOptions } from '../../src/runtime/http/http-options.js';

/** Options for `createApp`: those of a server that was started without flags, except those given. */
export function httpOptions(given: Partial<HttpOptions> = {}): HttpOptions {
  return {
    maxBody: 1_000_000,
    timeout: 60,
    allowUrls: [],
    tokens: () => [],
    cors: [],
    host: '127.0.0.1',
    allowedHosts: [],
    ui: false,
    basePath: '',
    trustProxy: [],
    ...given,
  };
}

/** The list of a server that asks for this token. */
export function tokensOf(token: string | undefined): ReturnType<HttpOptions['tokens']> {
  return token === undefined ? [] : [{ value: token, name: 'line 1' }];
}
