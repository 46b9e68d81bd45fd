import { createServer, type RequestListener, type Server as HttpServer, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { toListenError } from '../servers/listen-error.js';
import type { KeyPair } from './key-pair.js';
import type { ServerLog } from './log.js';

/** Load balancers keep idle connections for 60 s, and the server must not close them first. */
const keepAliveTimeoutMs = 65_000;

const headersTimeoutMs = 10_000;

/** Every request may take this long, even if no body is allowed. */
const minRequestTimeoutMs = 60_000;

/**
 * The slowest upload of the largest body that is received completely: 16 KiB/s, 128 kbit/s. A body that stops arriving is
 * refused earlier with an answer; this limit ends uploads that trickle forever.
 */
const minUploadRate = 16 * 1024;

/** How long the last answers may take to be sent before their connections are closed. */
const lastAnswersMs = 500;

/** @param maxBody largest request body in bytes */
export function httpOptions(maxBody: number): ServerOptions {
  return {
    keepAliveTimeout: keepAliveTimeoutMs,
    headersTimeout: headersTimeoutMs,
    // Node refuses fractions of a millisecond.
    requestTimeout: minRequestTimeoutMs + Math.ceil((maxBody / minUploadRate) * 1000),
    // How often Node looks for requests that took too long.
    connectionsCheckingInterval: 5000,
  };
}

export interface ListenerOptions {
  readonly log: ServerLog;
  /** Undefined: connections are not encrypted. */
  readonly keyPair?: KeyPair | undefined;
  /** While it returns true, every answer closes its connection. */
  readonly isDraining: () => boolean;
}

/** The HTTP port of a server and its connections. */
export class Listener {
  readonly #http: HttpServer | TlsServer;
  readonly #log: ServerLog;

  constructor(app: RequestListener, maxBody: number, { log, keyPair, isDraining }: ListenerOptions) {
    this.#log = log;
    const options = httpOptions(maxBody);
    this.#http = keyPair === undefined ? createServer(options, app) : createTlsServer({ ...options, ...keyPair }, app);
    this.#http.prependListener('request', (_request, response) => {
      if (isDraining()) response.setHeader('Connection', 'close');
    });
  }

  /** Open connections keep the certificate that they have. */
  renew(keyPair: KeyPair): void {
    if ('setSecureContext' in this.#http) this.#http.setSecureContext(keyPair);
  }

  /** @throws OcrHubError `port_in_use`, `host_unavailable` */
  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', (error) => reject(toListenError(error, host, port)));
      this.#http.listen({ port, host, exclusive: true }, () => {
        this.#http.removeAllListeners('error');
        this.#http.on('error', (error) => {
          this.#log.error({ problem: error.message }, 'HTTP server');
        });
        resolve();
      });
    });
  }

  /**
   * Accepts no more connections, and closes each open one when it is idle. Calls `finishWork` when all connections are
   * closed, or after `maxMs`; then closes the rest.
   */
  async close(maxMs: number, finishWork: () => Promise<void>): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
    });
    const timer = setInterval(() => {
      this.#http.closeIdleConnections();
    }, 50);
    await Promise.race([closed, sleep(maxMs, undefined, { ref: false })]);
    await finishWork();
    // The work that was not finished has just been answered with errors.
    await Promise.race([closed, sleep(lastAnswersMs, undefined, { ref: false })]);
    clearInterval(timer);
    this.#http.closeAllConnections();
    await closed;
  }

  /** Closes the port and all connections at once. */
  abort(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}
