import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import { OcrHubError } from '../errors.js';
import { createApp } from '../http/app.js';
import type { Health, PredictAnswer, PredictRequest, RequestRecord, Service } from '../http/service.js';
import { packageVersion } from '../settings.js';
import type { Latencies } from './latencies.js';
import { createLatencies } from './latencies.js';
import type { ServerLog } from './log.js';
import { createMetrics, type Metrics } from './metrics.js';
import type { ServeOptions } from './options.js';
import { Pool } from './pool/pool.js';

/** Milliseconds. A load balancer keeps idle connections for 60 s; the server must not close them first. */
const keepAliveTimeout = 65_000;
const headersTimeout = 10_000;
/** A whole request, body included, must have arrived after this time. */
const requestTimeout = 60_000;

export interface ServerOptions {
  readonly serve: ServeOptions;
  readonly token: string | undefined;
  readonly log: ServerLog;
  /** The pool has given up; a server in the foreground ends then. */
  readonly onFailed: (reason: string) => void;
}

/** One port: the HTTP side and the pool behind it. */
export class Server implements Service {
  readonly instance = randomUUID();
  readonly #options: ServerOptions;
  readonly #pool: Pool;
  readonly #http: HttpServer;
  readonly #metrics: Metrics;
  readonly #latencies: Latencies = createLatencies();
  #served = 0;
  #failed = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { serve, log, token, onFailed } = options;
    this.#pool = new Pool(serve, {
      processStarted: (pid) => log.info({ pid }, 'inference process started'),
      processEnded: (pid, end, expected) => {
        if (!expected) this.#metrics.restarted();
        log[expected ? 'info' : 'warn']({ pid, end }, 'inference process ended');
      },
      processRetired: (pid, why) => log.info({ pid, why }, 'inference process is replaced'),
      stateChanged: (state, reason) => {
        log.info({ state, reason }, 'server state');
        if (state === 'failed') onFailed(reason);
      },
    });
    this.#metrics = createMetrics(this.#pool);
    const app = createApp(this, { maxBody: serve.maxBody, httpStatus200: serve.httpStatus200, token });
    this.#http = createServer(
      { keepAliveTimeout, headersTimeout, requestTimeout, connectionsCheckingInterval: 5000 },
      app,
    );
  }

  /**
   * Binds the port, then loads the modules.
   *
   * @throws OcrHubError `port_in_use`, `host_unavailable`, and whatever keeps a module from loading
   */
  async start(): Promise<void> {
    await this.#listen();
    await this.#pool.start();
  }

  /** Not ready at once; work in progress is done, for `grace` seconds at most; then everything ends. */
  async stop(): Promise<void> {
    // Connections are closed when their answer is sent; new ones are refused from now on.
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeIdleConnections();
    await this.#pool.drain(this.#options.serve.grace * 1000);
    const lingering = setTimeout(() => this.#http.closeAllConnections(), 500);
    await closed;
    clearTimeout(lingering);
  }

  abort(): void {
    this.#pool.close();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  has(route: string): boolean {
    return this.#options.serve.modules.some((module) => module.route === route);
  }

  predict(request: PredictRequest, signal: AbortSignal): Promise<PredictAnswer> {
    return this.#pool.predict(request, signal);
  }

  health(): Health {
    const { state, reason } = this.#pool;
    return {
      status: state,
      reason,
      instance: this.instance,
      pid: process.pid,
      version: packageVersion,
      modules: this.#options.serve.modules.map(({ route, name, version, hash }) => ({ route, name, version, hash })),
      processes: this.#pool.info(),
      queued: this.#pool.queued,
      served: this.#served,
      failed: this.#failed,
      latency: this.#latencies.percentiles(),
    };
  }

  metrics(): Promise<{ contentType: string; text: string }> {
    return this.#metrics.text();
  }

  observe(record: RequestRecord): void {
    if (record.status === '000') {
      this.#served++;
      this.#latencies.add(record.ms);
    } else {
      this.#failed++;
    }
    this.#metrics.observe(record, this.has(record.route));
    const { stack, ...line } = record;
    if (record.httpStatus >= 500) this.#options.log.error({ ...line, stack }, 'request');
    else this.#options.log.info(line, 'request');
  }

  #listen(): Promise<void> {
    const { port, host } = this.#options.serve;
    return new Promise((resolve, reject) => {
      this.#http.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') reject(new OcrHubError('port_in_use', { port, holder: '' }));
        else reject(new OcrHubError('host_unavailable', { host, port, problem: error.message }));
      });
      this.#http.listen({ port, host, exclusive: true }, () => {
        this.#http.removeAllListeners('error');
        resolve();
      });
    });
  }
}
