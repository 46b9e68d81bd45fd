import type { ServerLog } from './log.js';
import type { Server } from './server.js';

type StopSource = 'control' | 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/**
 * Ends a server. The first request to stop, by a command or a signal, lets it finish its work. A further SIGTERM or
 * SIGINT ends it at once; a further command or SIGHUP changes nothing.
 */
export class Shutdown {
  /** Resolves with the exit code when the server has ended. */
  readonly exitCode: Promise<number>;
  readonly #server: Server;
  readonly #log: ServerLog;
  #resolve!: (exitCode: number) => void;
  #begun = false;
  #isRequested = false;
  /**
   * `serving stop` also sends SIGTERM if the control socket does not answer in time; that SIGTERM must not count as a
   * second request to stop.
   */
  #ignoreNextSigterm = false;

  constructor(server: Server, log: ServerLog) {
    this.#server = server;
    this.#log = log;
    this.exitCode = new Promise((resolve) => (this.#resolve = resolve));
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Whether a command or a signal asked for the stop. */
  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** Makes SIGTERM, Ctrl+C and the end of the terminal requests to stop. */
  listenToSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      // A package below `conf` sends a received signal again, which would count as the second one.
      process.removeAllListeners(signal);
      process.on(signal, () => this.request(signal));
    }
  }

  /** @param source who asks for the stop */
  request(source: StopSource): void {
    if (source === 'control') this.#ignoreNextSigterm = true;
    this.#isRequested = true;
    if (!this.#begun) {
      this.#log.info({ by: source }, 'stopping');
      this.drain(0);
    } else if (source === 'SIGTERM' && this.#ignoreNextSigterm) {
      this.#ignoreNextSigterm = false;
    } else if (source === 'SIGTERM' || source === 'SIGINT') {
      // SIGHUP is not among them: the shell and the OS may both send it when a terminal closes.
      this.#log.info({ by: source }, 'stopping at once');
      this.#server.abort();
      this.#resolve(130);
    }
  }

  /** Lets the server finish its work. */
  drain(exitCode: number): void {
    this.#begun = true;
    void this.#server.stop().then(() => this.#resolve(exitCode));
  }
}
