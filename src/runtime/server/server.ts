import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors/error.js';
import { createApp } from '../http/app.js';
import type {
  Health,
  PredictAnswer,
  RequestRecord,
  Service,
  ServiceDescription,
  ServiceRequest,
} from '../service/contract.js';
import { packageVersion } from '../package.js';
import { readToken } from '../config/token.js';
import { createLatencies } from './latencies.js';
import { toListenError } from '../servers/listen-error.js';
import type { ServerLog } from './log.js';
import { createMetrics } from './metrics.js';
import type { ServedModule, ServeOptions } from '../options/serve-options.js';
import { Pool, type PoolEvents } from '../pool/pool.js';

/** Milliseconds. A load balancer keeps idle connections for 60 s; the server must not close them first. */
const keepAliveTimeout = 65_000;
const headersTimeout = 10_000;
/**
 * Bytes a second of the slowest upload that comes to its end, 128 kbit/s. A body that stops arriving is refused earlier, with
 * an answer; this only ends what drips for ever.
 */
const slowestUpload = 16 * 1024;

/** How long the last answers may take to leave before their connections are cut. */
const lastAnswers = 500;

export interface ServerParts {
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
  #token: string | undefined;
  #pool: Pool;
  /** The pool that is to take over, while it loads. */
  #next: Pool | undefined;
  /** Pools that were replaced and finish what they have. */
  readonly #old = new Set<Pool>();
  #served = 0;
  #failed = 0;

  constructor({ serve, token, log, onFailed }: ServerParts) {
    this.#serve = serve;
    this.#token = token;
    this.#log = log;
    this.#poolEvents = {
      processStarted: (pid) => log.info({ pid }, 'inference process started'),
      processLoaded: (pid, models) => log.info({ pid, models }, 'inference process ready'),
      processEnded: (pid, end, expected) => {
        if (!expected) this.#metrics.restarted();
        log[expected ? 'info' : 'warn']({ pid, end }, 'inference process ended');
      },
      processRetired: (pid, why) => log.info({ pid, why }, 'inference process is replaced'),
      processPrinted: (pid, line) => log.info({ pid, line }, 'printed'),
      stateChanged: (state, reason) => {
        log.info({ state, reason }, 'pool state');
        if (state === 'failed') onFailed(reason);
      },
    };
    this.#pool = new Pool(serve, this.#poolEvents);
    const app = createApp(this, {
      maxBody: serve.maxBody,
      httpStatus200: serve.httpStatus200,
      token: () => this.#token,
    });
    const requestTimeout = 60_000 + (serve.maxBody / slowestUpload) * 1000;
    this.#http = createServer(
      { keepAliveTimeout, headersTimeout, requestTimeout, connectionsCheckingInterval: 5000 },
      app,
    );
    this.#http.prependListener('request', (_request, response) => {
      if (this.#pool.state === 'draining') response.setHeader('Connection', 'close');
    });
  }

  /** What it serves now; `reload` changes the modules. */
  get options(): ServeOptions {
    return this.#serve;
  }

  /**
   * Loads the modules, then binds the port: whoever finds it open is answered.
   *
   * @throws OcrHubError `port_in_use`, `host_unavailable`, and whatever keeps a module from loading
   */
  async start(): Promise<void> {
    await this.#pool.start();
    await this.#listen();
  }

  /**
   * Loads modules anew in processes of their own; when they have made their first inference they take over, and the
   * old ones finish what they have. No request is refused meanwhile; when loading fails, everything stays as it was.
   *
   * @throws OcrHubError `reload_busy`, `token_unreadable`, and whatever keeps a module from loading
   */
  async reload(modules: readonly ServedModule[]): Promise<void> {
    if (this.#next !== undefined) throw new OcrHubError('reload_busy', { port: this.#serve.port });
    const serve = Object.freeze({ ...this.#serve, modules });
    const next = new Pool(serve, this.#poolEvents);
    this.#next = next;
    let token: string | undefined;
    try {
      token = await readToken(serve.tokenFile);
      await next.start();
      this.#requireNoLoss(next, modules);
    } catch (error) {
      next.close();
      throw error;
    } finally {
      this.#next = undefined;
    }
    const old = this.#pool;
    this.#pool = next;
    this.#serve = serve;
    this.#token = token;
    this.#old.add(old);
    // Whatever its grace is, a request has until its deadline.
    void old.drain(Math.max(serve.grace, serve.timeout) * 1000).then(() => this.#old.delete(old));
  }

  /** With --allow_partial a module may be missing, but not one that is served now. */
  #requireNoLoss(next: Pool, modules: readonly ServedModule[]): void {
    for (const { route } of modules) {
      const problem = next.problemOf(route);
      if (problem !== '' && this.#pool.problemOf(route) === '' && this.has(route)) {
        throw new OcrHubError('module_start_failed', { module: route, problem, hint: '' });
      }
    }
  }

  /**
   * Not ready at once, and no new connections; what the open ones have asked and still ask is answered, for `grace`
   * seconds at most; then everything ends.
   */
  async stop(): Promise<void> {
    const end = Date.now() + this.#serve.grace * 1000;
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
    });
    this.#next?.close();
    this.#pool.announceEnd();
    // Each connection ends with its next answer (it says `Connection: close`), or here, when it asks for nothing.
    const idle = setInterval(() => {
      this.#http.closeIdleConnections();
    }, 50);
    await Promise.race([closed, sleep(end - Date.now(), undefined, { ref: false })]);
    for (const old of this.#old) old.close();
    await this.#pool.drain(Math.max(0, end - Date.now()));
    // What the grace did not suffice for has been answered with an error just now.
    await Promise.race([closed, sleep(lastAnswers, undefined, { ref: false })]);
    clearInterval(idle);
    this.#http.closeAllConnections();
    await closed;
  }

  abort(): void {
    this.#next?.close();
    for (const pool of [...this.#old, this.#pool]) pool.close();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  has(route: string): boolean {
    return this.#serve.modules.some((module) => module.route === route);
  }

  admit(): void {
    this.#pool.admit();
  }

  predict(request: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer> {
    return this.#pool.predict(request, signal);
  }

  describe(): readonly ServiceDescription[] {
    return this.#serve.modules;
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
        ...this.#pool.loadedAs(route),
      })),
      models: this.#pool.models,
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
    if (record.outcome === 'answered') {
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
