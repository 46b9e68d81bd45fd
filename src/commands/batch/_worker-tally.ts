import type { WorkerFigures } from '../../runtime/batch/metrics/figures.js';
import type { Outages } from '../../runtime/batch/metrics/outages.js';
import type { BrokerWatch } from '../../runtime/batch/queue/broker-watch.js';
import type { QueueWorkerEvents } from '../../runtime/batch/queue/queue-worker.js';
import type { ResultLine } from '../../runtime/batch/results/result-line.js';

interface TallyOptions {
  readonly watch: BrokerWatch;
  readonly outages: Outages;
  readonly note: (text: string) => void;
}

/** Counts what a worker does, and tells what people must know. */
export class WorkerTally implements QueueWorkerEvents {
  readonly #options: TallyOptions;
  readonly #startedAt = performance.now();
  readonly #errors = new Map<string, number>();
  #pages = 0;
  #units = 0;
  #inWork = 0;
  #lost = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  get figures(): WorkerFigures {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return {
      pages: this.#pages,
      errors: this.#errors,
      units: this.#units,
      unitsInWork: this.#inWork,
      unitsLost: this.#lost,
      rate: this.#pages / Math.max(seconds, 0.001),
    };
  }

  /** Pages that failed. */
  get failed(): number {
    return [...this.#errors.values()].reduce((sum, count) => sum + count, 0);
  }

  pageDone(line: ResultLine): void {
    this.#pages++;
    if (line.status === 'error') this.#errors.set(line.error.code, (this.#errors.get(line.error.code) ?? 0) + 1);
  }

  unitBegan(): void {
    this.#inWork++;
  }

  unitEnded(): void {
    this.#inWork--;
  }

  unitDone(): void {
    this.#units++;
  }

  unitLost(unit: number): void {
    this.#lost++;
    this.#options.note(`Another worker has taken over unit ${unit}: this one was not heard of for too long`);
  }

  sourceAway(source: string, problem: string): void {
    this.#options.outages.outageBegan(source, problem);
  }

  sourceBack(source: string): void {
    this.#options.outages.outageEnded(source);
  }

  brokerAway(problem: string): void {
    this.#options.watch.report(problem);
  }

  runGone(place: string): void {
    this.#options.note(`${place} has no run any more; its units leave the queue`);
  }

  runUnreadable(place: string, problem: string): void {
    this.#options.note(`${place} cannot be read here; its units come again: ${problem}`);
  }
}
