import type { SingleBar } from 'cli-progress';
import type { Figures } from '../../runtime/batch/metrics/figures.js';
import type { Outages } from '../../runtime/batch/metrics/outages.js';
import type { PlanEvents } from '../../runtime/batch/plan/plan.js';
import type { BrokerWatch } from '../../runtime/batch/queue/broker-watch.js';
import type { ResultLine } from '../../runtime/batch/results/result-line.js';
import type { BatchStatus } from '../../runtime/batch/results/status.js';
import type { WorkEvents } from '../../runtime/batch/work/work-events.js';
import { createBar } from '../_bars.js';
import { formatDuration } from '../_text.js';

interface ProgressOptions {
  /** Whether each step is a JSON line on stdout. */
  readonly isJson: boolean;
  readonly note: (text: string) => void;
  readonly outages: Outages;
}

/** Without a terminal, a line so often. */
const lineEveryMs = 30_000;

/** Shows how far a run is: a bar on a terminal, a line now and then elsewhere, or a JSON line for each unit. */
export class BatchProgress implements PlanEvents, WorkEvents {
  readonly #options: ProgressOptions;
  readonly #bar: SingleBar | undefined;
  #errors = new Map<string, number>();
  #total = 0;
  #done = 0;
  #units = 0;
  #unitsDone = 0;
  #watch: BrokerWatch | undefined;
  /** Pages that this process has read, for the rate. */
  #own = 0;
  #startedAt = 0;
  #lineAt = performance.now();

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#bar =
      process.stderr.isTTY && !options.isJson
        ? createBar('[{bar}] {percentage}%  {count} pages  {rate} pages/s  {left} left  {failed} failed')
        : undefined;
  }

  /** For metrics. */
  get figures(): Figures {
    const { depth, name } = this.#watch ?? {};
    return {
      waitsFor: this.#options.outages.reason,
      run: {
        planned: this.#total,
        done: this.#done,
        errors: this.#errors,
        unitsPlanned: this.#units,
        unitsDone: this.#unitsDone,
        rate: this.#rate(),
      },
      queue: name === undefined || depth === undefined ? undefined : { name, depth },
    };
  }

  start({ pages, done, errors, units, unitsDone }: BatchStatus): void {
    this.#total = pages;
    this.#done = done;
    this.#units = units;
    this.#unitsDone = unitsDone;
    for (const [code, count] of Object.entries(errors)) this.#errors.set(code, count);
    this.#startedAt = performance.now();
    this.#print({ event: 'start', pages, done });
    this.#bar?.start(pages, done, this.#payload());
  }

  planned(pages: number): void {
    if (this.#bar !== undefined) process.stderr.write(`\rPlanned ${pages} pages`);
    else if (this.#isDue()) this.#options.note(`Planned ${pages} pages`);
  }

  pageDone(line: ResultLine): void {
    this.#done++;
    this.#own++;
    if (line.status === 'error') this.#errors.set(line.error.code, (this.#errors.get(line.error.code) ?? 0) + 1);
    this.#update();
  }

  unitDone(unit: number, lines: readonly ResultLine[]): void {
    this.#unitsDone++;
    const failed = lines.filter(({ status }) => status === 'error').length;
    const rate = Number(this.#rate().toFixed(2));
    const errors = Object.fromEntries(this.#errors);
    this.#print({
      event: 'unit',
      unit,
      pages: lines.length,
      failed,
      done: this.#done,
      total: this.#total,
      rate,
      errors,
    });
  }

  /** How far a run is that other processes read. */
  follow(done: { readonly pages: number; readonly units: number }, errors: ReadonlyMap<string, number>): void {
    this.#own += done.pages - this.#done;
    this.#done = done.pages;
    this.#unitsDone = done.units;
    this.#errors = new Map(errors);
    this.#update();
    const rate = Number(this.#rate().toFixed(2));
    this.#print({ event: 'progress', done: done.pages, total: this.#total, rate, errors: Object.fromEntries(errors) });
  }

  unitLost(unit: number): void {
    this.note(`Another worker has taken over unit ${unit}: this one was not heard of for too long`);
  }

  sourceAway(source: string, problem: string): void {
    this.#options.outages.outageBegan(source, problem);
  }

  sourceBack(source: string): void {
    this.#options.outages.outageEnded(source);
  }

  /** The queue that reads the run. */
  watchQueue(watch: BrokerWatch): void {
    this.#watch = watch;
  }

  unitsPut(units: number): void {
    this.note(`Put ${units} units into the queue`);
  }

  /** Prints a diagnostic above the bar. */
  note(text: string): void {
    if (this.#bar?.isActive === true) process.stderr.write(clearLine);
    this.#options.note(text);
  }

  end(): void {
    this.#bar?.stop();
  }

  #update(): void {
    this.#bar?.update(this.#done, this.#payload());
    if (this.#bar !== undefined || this.#options.isJson || !this.#isDue()) return;
    const { count, rate, left, failed } = this.#payload();
    this.#options.note(`${count} pages, ${rate} pages/s, ${left} left, ${failed} failed`);
  }

  #payload(): { count: string; rate: string; left: string; failed: number } {
    const rate = this.#rate();
    const left = rate === 0 ? '?' : formatDuration((this.#total - this.#done) / rate);
    const failed = [...this.#errors.values()].reduce((sum, count) => sum + count, 0);
    return { count: `${this.#done}/${this.#total}`, rate: rate.toFixed(1), left, failed };
  }

  #rate(): number {
    return this.#own / Math.max(0.001, (performance.now() - this.#startedAt) / 1000);
  }

  #isDue(): boolean {
    if (performance.now() - this.#lineAt < lineEveryMs) return false;
    this.#lineAt = performance.now();
    return true;
  }

  #print(event: object): void {
    if (this.#options.isJson) process.stdout.write(`${JSON.stringify(event)}\n`);
  }
}

const clearLine = '\r\u001B[K';
