import type { ServerLog } from './log.js';
import type { Server } from './server.js';

/**
 * The end of a server: the first word lets it finish the work it has, a further signal ends it at once. A command that
 * asks twice does not.
 */
export class Shutdown {
  /** Resolves with the exit code when the server has ended. */
  readonly code: Promise<number>;
  readonly #server: Server;
  readonly #log: ServerLog;
  #resolve!: (code: number) => void;
  #begun = false;
  /** A command that asks sends SIGTERM as well where it gets no answer in time: that is the same word. */
  #signalMayFollow = false;

  constructor(server: Server, log: ServerLog) {
    this.#server = server;
    this.#log = log;
    this.code = new Promise((resolve) => (this.#resolve = resolve));
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** From now on SIGTERM and Ctrl+C are such words. */
  onSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // A library below conf answers a signal by sending it once more; here the second one means: at once.
      process.removeAllListeners(signal);
      process.on(signal, () => this.begin(signal));
    }
  }

  /** @param by whose word it is, for the log */
  begin(by: 'control' | 'SIGTERM' | 'SIGINT'): void {
    if (by === 'control') this.#signalMayFollow = true;
    if (!this.#begun) {
      this.#log.info({ by }, 'stopping');
      this.drain(0);
    } else if (by === 'SIGTERM' && this.#signalMayFollow) {
      this.#signalMayFollow = false;
    } else if (by !== 'control') {
      this.#log.info({ by }, 'stopping at once');
      this.#server.abort();
      this.#resolve(130);
    }
  }

  drain(code: number): void {
    this.#begun = true;
    void this.#server.stop().then(() => this.#resolve(code));
  }
}
