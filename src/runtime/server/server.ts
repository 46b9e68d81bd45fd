import { randomUUID } from 'node:crypto';
import { createApp } from '../http/app.js';
import { Files } from '../jobs/files.js';
import type { JobHints } from '../jobs/job-hints.js';
import { Jobs } from '../jobs/jobs.js';
import type { Store } from '../jobs/store.js';
import { createProtocols } from '../http/protocols/create-protocols.js';
import type { Home } from '../config/home.js';
import type { NamedToken } from '../config/token.js';
import type { ServedModule, ServeOptions } from '../options/serve-options.js';
import { packageVersion } from '../package.js';
import type { PoolEvents } from '../pool/pool.js';
import type {
  Health,
  PredictAnswer,
  Refusal,
  RequestRecord,
  Service,
  ServiceDescription,
  ServiceRequest,
} from '../service/contract.js';
import { BoundedLog } from './bounded-log.js';
import { createLatencies } from './latencies.js';
import type { KeyPair } from './key-pair.js';
import { Listener } from './listener.js';
import type { ServerLog } from './log.js';
import { createMetrics } from './metrics.js';
import { servesPage } from '../options/serve-options.js';
import { checkRequestFields } from '../options/check-values.js';
import { PoolSwap } from './pool-swap.js';
import { logRefusal, logRequest } from './request-log.js';

export interface ServerParts {
  readonly home: Home;
  readonly options: ServeOptions;
  /** Of jobs and uploaded files. */
  readonly jobStore: Store;
  /** Undefined without a queue. */
  readonly jobHints?: JobHints | undefined;
  readonly tokens: () => readonly NamedToken[];
  /** Undefined: the server speaks HTTP. */
  readonly keyPair?: KeyPair | undefined;
  readonly log: ServerLog;
  /** Called when the pool has failed; a server in the foreground exits then. */
  readonly onFailed: (reason: string) => void;
}

/** A server on one port: the Service that the HTTP side calls, on top of the pool that serves now. */
export class Server implements Service {
  readonly instance = randomUUID();
  readonly #log: ServerLog;
  /** Lines of requests that anybody can send. */
  readonly #refusals: BoundedLog;
  readonly #listener: Listener;
  readonly #pools: PoolSwap;
  readonly #jobs: Jobs;
  readonly #metrics = createMetrics(() => this.#pools.pool);
  readonly #latencies = createLatencies();
  #served = 0;
  #failed = 0;

  constructor({ home, options, jobStore, jobHints, tokens, keyPair, log, onFailed }: ServerParts) {
    this.#log = log;
    this.#refusals = new BoundedLog(log);
    this.#pools = new PoolSwap(home, options, this.#poolEvents(onFailed));
    this.#jobs = new Jobs(jobStore, this, { ...options, isShared: options.store !== undefined, hints: jobHints });
    const app = createApp(this, createProtocols({ ...options, jobs: this.#jobs, files: new Files(jobStore) }), {
      ...options,
      ui: servesPage(options),
      tokens,
    });
    const isDraining = (): boolean => this.#pools.pool.state === 'draining';
    this.#listener = new Listener(app, options.maxBody, { log, refusals: this.#refusals, keyPair, isDraining });
  }

  /** The current options; `reload` changes the modules. */
  get options(): ServeOptions {
    return this.#pools.options;
  }

  /**
   * Loads the modules, then binds the port, so that every accepted connection is answered.
   *
   * @throws OcrHubError `port_in_use`, `host_unavailable`, or the error of a module that cannot be loaded
   */
  async start(): Promise<void> {
    await this.#pools.pool.start();
    await this.#listener.listen(this.options.host, this.options.port);
    this.#jobs.start();
  }

  /** New connections get this certificate. */
  renew(keyPair: KeyPair): void {
    this.#listener.renew(keyPair);
  }

  /** See PoolSwap.reload. */
  reload(modules: readonly ServedModule[]): Promise<void> {
    return this.#pools.reload(modules);
  }

  /**
   * Stops accepting connections and is no longer ready. Open connections are answered for at most `grace` seconds; then
   * all processes end.
   */
  async stop(): Promise<void> {
    // The clock of the day may be set meanwhile.
    const deadline = performance.now() + this.options.grace * 1000;
    const rest = (): number => Math.max(0, deadline - performance.now());
    this.#pools.announceEnd();
    this.#jobs.stop();
    await this.#listener.close(rest(), () => this.#pools.drain(rest()));
    await this.#jobs.idle();
  }

  /** Ends everything at once. */
  abort(): void {
    this.#pools.close();
    this.#listener.abort();
  }

  has(route: string): boolean {
    return this.#pools.serves(route);
  }

  admit(): void {
    this.#pools.pool.admit();
  }

  checkFields(route: string, fields: Readonly<Record<string, unknown>>): void {
    const module = this.options.modules.find((served) => served.route === route);
    if (module !== undefined) checkRequestFields(module, fields);
  }

  predict(request: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer> {
    return this.#pools.pool.predict(request, signal);
  }

  describe(): readonly ServiceDescription[] {
    return this.options.modules;
  }

  health(): Health {
    const { pool } = this.#pools;
    return {
      status: pool.state,
      reason: pool.reason ?? '',
      instance: this.instance,
      pid: process.pid,
      version: packageVersion,
      modules: this.options.modules.map(({ route, name, version, hash }) => ({
        route,
        name,
        version,
        hash,
        problem: pool.problemOf(route) ?? '',
        ...pool.loadedAs(route),
      })),
      models: pool.models,
      processes: pool.info(),
      queued: pool.queued,
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
    // Without a token, anybody could fill the log.
    if (record.httpStatus === 401) this.#refusals.add((log) => logRequest(log, record));
    else logRequest(this.#log, record);
  }

  noteRefusal(refusal: Refusal): void {
    // Requests that are refused must not hide what went wrong here.
    if (refusal.httpStatus >= 500) logRefusal(this.#log, refusal);
    else this.#refusals.add((log) => logRefusal(log, refusal));
  }

  #poolEvents(onFailed: ServerParts['onFailed']): PoolEvents {
    const log = this.#log;
    return {
      processStarted: (pid) => log.info({ pid }, 'inference process started'),
      processLoaded: (pid, models) => log.info({ pid, models }, 'inference process ready'),
      processEnded: (pid, end, expected) => {
        if (!expected) this.#metrics.restarted();
        log[expected ? 'info' : 'warn']({ pid, end }, 'inference process ended');
      },
      processRetired: (pid, why) => log.info({ pid, why }, 'inference process is replaced'),
      processPrinted: (pid, line) => log.info({ pid, line }, 'printed'),
      stateChanged: (state, reason = '') => {
        log.info({ state, reason }, 'pool state');
        if (state === 'failed') onFailed(reason);
      },
    };
  }
}
