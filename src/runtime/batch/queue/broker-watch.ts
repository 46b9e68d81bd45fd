import type { OutageEvents } from '../store/patient-store.js';
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
  readonly #queue: UnitQueue;
  readonly #events: OutageEvents;
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;
  #isAway = false;
  #problem = 'it does not answer';

  constructor(queue: UnitQueue, events: OutageEvents) {
    this.#queue = queue;
    this.#events = events;
    queue.onProblem((problem) => this.report(problem));
    this.#timer = setInterval(() => this.#ask(), askMs);
    this.#timer.unref();
    this.#ask();
  }

  /** What the client reported. The first report of an outage tells it. */
  report(problem: string): void {
    this.#problem = problem;
    this.#set(true);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #ask(): void {
    // The last question has no answer yet.
    if (this.#isAsking) {
      this.#set(true);
      return;
    }
    this.#isAsking = true;
    this.#queue
      .depth()
      .then((depth) => {
        this.depth = depth;
        this.#set(false);
      })
      .catch((error: unknown) => this.report((error as Error).message))
      .finally(() => (this.#isAsking = false));
  }

  #set(isAway: boolean): void {
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    if (isAway) this.#events.outageBegan(this.#queue.name, this.#problem);
    else this.#events.outageEnded(this.#queue.name);
  }
}
