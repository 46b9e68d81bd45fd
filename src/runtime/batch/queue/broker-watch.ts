import type { Outages } from '../metrics/outages.js';
import type { QueueDepth, UnitQueue } from './unit-queue.js';

/** How often the broker is asked, and how long its answer may take. */
const askMs = 5000;

/**
 * Asks a broker again and again what it has to do. That tells whether the broker can be reached, also while its client only waits
 * for a connection and reports nothing.
 */
export class BrokerWatch {
  /** Of the last answer; undefined before the first. */
  depth: QueueDepth | undefined;
  /** The queue, as messages show it. */
  readonly name: string;
  readonly #queue: UnitQueue;
  readonly #outages: Outages;
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;
  #problem = 'it does not answer';

  constructor(queue: UnitQueue, outages: Outages) {
    this.name = queue.name;
    this.#queue = queue;
    this.#outages = outages;
    queue.onProblem((problem) => this.report(problem));
    this.#timer = setInterval(() => this.#ask(), askMs);
    this.#timer.unref();
    this.#ask();
  }

  /** What the client reported. The first report of an outage tells it. */
  report(problem: string): void {
    this.#problem = problem;
    this.#outages.outageBegan(this.name, problem);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #ask(): void {
    // The last question has no answer yet.
    if (this.#isAsking) {
      this.report(this.#problem);
      return;
    }
    this.#isAsking = true;
    this.#queue
      .depth()
      .then((depth) => {
        this.depth = depth;
        this.#outages.outageEnded(this.name);
      })
      .catch((error: unknown) => this.report((error as Error).message))
      .finally(() => (this.#isAsking = false));
  }
}
