import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import { OcrHubError } from '../errors.js';
import { createApp } from '../http/app.js';
import type { Health, PredictAnswer, PredictRequest, RequestRecord, Service } from '../http/service.js';
import { packageVersion } from '../settings.js';
import { createLatencies } from './latencies.js';
import type { ServerLog } from './log.js';
import { createMetrics } from './metrics.js';
import type { ServedModule, ServeOptions } from './options.js';
import { Pool, type PoolEvents } from './pool/pool.js';

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
  readonly #log: ServerLog;
  readonly #http: HttpServer;
  readonly #metrics = createMetrics(() => this.#pool);
  readonly #latencies = createLatencies();
  readonly #poolEvents: PoolEvents;
  #serve: ServeOptions;
  #pool: Pool;
  /** The pool that is to take over, while it loads. */
  #next: Pool | undefined;
  #served = 0;
  #failed = 0;

  constructor({ serve, token, log, onFailed }: ServerOptions) {
    this.#serve = serve;
    this.#log = log;
    this.#poolEvents = {
      processStarted: (pid) => log.info({ pid }, 'inference process started'),
      processEnded: (pid, end, expected) => {
        if (!expected) this.#metrics.restarted();
        log[expected ? 'info' : 'warn']({ pid, end }, 'inference process ended');
      },
      processRetired: (pid, why) => log.info({ pid, why }, 'inference process is replaced'),
      stateChanged: (state, reason) => {
        log.info({ state, reason }, 'pool state');
        if (state === 'failed') onFailed(reason);
      },
    };
    this.#pool = new Pool(serve, this.#poolEvents);
    const app = createApp(this, { maxBody: serve.maxBody, httpStatus200: serve.httpStatus200, token });
    this.#http = createServer(
      { keepAliveTimeout, headersTimeout, requestTimeout, connectionsCheckingInterval: 5000 },
      app,
    );
  }

  /** What it serves now; `reload` changes the modules. */
  get options(): ServeOptions {
    return this.#serve;
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

  /**
   * Loads modules anew in processes of their own; when they have made their first inference they take over, and the
   * old ones finish what they have. No request is refused meanwhile; when loading fails, everything stays as it was.
   *
   * @throws OcrHubError `reload_busy`, and whatever keeps a module from loading
   */
  async reload(modules: readonly ServedModule[]): Promise<void> {
    if (this.#next !== undefined) throw new OcrHubError('reload_busy', { port: this.#serve.port });
    const serve = Object.freeze({ ...this.#serve, modules });
    const next = new Pool(serve, this.#poolEvents);
    this.#next = next;
    try {
      await next.start();
    } catch (error) {
      next.close();
      throw error;
    } finally {
      this.#next = undefined;
    }
    const old = this.#pool;
    this.#pool = next;
    this.#serve = serve;
    void old.drain(serve.grace * 1000);
  }

  /** Not ready at once; work in progress is done, for `grace` seconds at most; then everything ends. */
  async stop(): Promise<void> {
    // Connections are closed when their answer is sent; new ones are refused from now on.
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
    });
    this.#http.closeIdleConnections();
    this.#next?.close();
    const end = Date.now() + this.#serve.grace * 1000;
    await this.#pool.drain(this.#serve.grace * 1000);
    // A client may still be reading a long answer; a connection that has been answered is idle.
    const answered = setInterval(() => {
      this.#http.closeIdleConnections();
    }, 50);
    const late = setTimeout(
      () => {
        this.#http.closeAllConnections();
      },
      Math.max(500, end - Date.now()),
    );
    await closed;
    clearInterval(answered);
    clearTimeout(late);
  }

  abort(): void {
    this.#next?.close();
    this.#pool.close();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  has(route: string): boolean {
    return this.#serve.modules.some((module) => module.route === route);
  }

  admit(): void {
    this.#pool.admit();
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
      modules: this.#serve.modules.map(({ route, name, version, hash }) => ({
        route,
        name,
        version,
        hash,
        problem: this.#pool.problemOf(route),
      })),
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
    const line = toLogLine(record);
    if (record.httpStatus >= 500) this.#log.error({ ...line, stack: record.stack }, 'request');
    else this.#log.info(line, 'request');
  }

  #listen(): Promise<void> {
    const { port, host } = this.#serve;
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

/** One line a request; times in tenths of a millisecond are fine enough. */
function toLogLine({ id, route, images, httpStatus, status, message, ms, queueMs, stages }: RequestRecord): object {
  const rounded = Object.entries(stages).map(([stage, time]) => [stage, round(time)] as const);
  return {
    id,
    module: route,
    images,
    httpStatus,
    status,
    message,
    ms: round(ms),
    queueMs: round(queueMs),
    stages: Object.fromEntries(rounded),
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
