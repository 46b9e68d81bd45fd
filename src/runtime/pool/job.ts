import { OcrHubError } from '../errors/error.js';
import type { PredictAnswer, Results, ServiceRequest, UnreadableImage } from '../service/contract.js';
import { noTime, stageNames, type StageTimes } from '../trace/stage-times.js';
import type { LoadResult, TaskMessage, TaskOutcome } from './messages.js';

/** The unit of work of an inference process: one picture of a request, or a request that cannot be split. */
export interface Task {
  readonly id: number;
  readonly job: Job;
  /** Index of its first picture in the request. */
  readonly offset: number;
  readonly images: readonly Uint8Array[];
  /** How many inference processes died while they worked on it. */
  crashes: number;
}

let nextId = 1;

/** A request in the pool: its tasks, and the answer joined from their outcomes. */
export class Job {
  readonly request: ServiceRequest;
  /** Tasks that no process works on, in the order of the request. */
  readonly waiting: Task[];
  /** Settles once; later outcomes are ignored. */
  readonly answer: Promise<PredictAnswer>;
  settled = false;
  /** Whether an inference process died while it worked on one of the tasks. */
  hasCrashed = false;
  /** Size of all pictures. */
  readonly bytes: number;
  /** By `performance.now`. */
  readonly arrivedAt = performance.now();
  readonly #module: LoadResult;
  readonly #outcomes: (TaskOutcome | undefined)[];
  #startedAt: number | undefined;
  #resolve!: (answer: PredictAnswer) => void;
  #reject!: (error: Error) => void;

  constructor(request: ServiceRequest, module: LoadResult) {
    this.request = request;
    this.#module = module;
    this.bytes = request.images.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const groups = module.entries === null ? [request.images] : request.images.map((image) => [image]);
    this.waiting = groups.map((images, offset) => ({ id: nextId++, job: this, offset, images, crashes: 0 }));
    this.#outcomes = groups.map(() => undefined);
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether a process has worked on any task. */
  get started(): boolean {
    return this.#startedAt !== undefined;
  }

  /** Removes the next waiting task and returns it with the message for a process. */
  take(): { task: Task; message: TaskMessage } | undefined {
    const task = this.waiting.shift();
    if (task === undefined) return undefined;
    this.#startedAt ??= performance.now();
    const { route, fields } = this.request;
    return { task, message: { type: 'task', id: task.id, route, images: task.images, fields } };
  }

  /** Makes a task wait again, before the others: its process died. */
  putBack(task: Task): void {
    this.waiting.unshift(task);
  }

  finish(task: Task, outcome: TaskOutcome): void {
    if (this.settled) return;
    this.#outcomes[task.offset] = outcome;
    const outcomes = this.#outcomes.filter((other) => other !== undefined);
    if (outcomes.length < this.#outcomes.length) return;
    const unreadable = collectUnreadable(outcomes);
    if (unreadable.length === this.request.images.length || (this.#module.entries === null && unreadable.length > 0)) {
      this.fail(new OcrHubError('no_image_readable', { unreadable }));
      return;
    }
    this.settled = true;
    this.#resolve({
      results: this.#results(outcomes),
      pages: outcomes.flatMap(({ pages }) => pages),
      unreadable,
      queueMs: (this.#startedAt ?? this.arrivedAt) - this.arrivedAt,
      stages: sumStages(outcomes),
    });
  }

  fail(error: OcrHubError): void {
    if (this.settled) return;
    this.settled = true;
    this.waiting.length = 0;
    this.#reject(error);
  }

  #results(outcomes: readonly TaskOutcome[]): Results {
    const texts = outcomes.flatMap((outcome) => outcome.results);
    const { entries } = this.#module;
    if (entries === null) return { kind: 'whole', json: texts[0] ?? 'null' };
    return { kind: 'entries', entries: texts, nested: entries.nested };
  }
}

/** Turns indices in a task into indices in the request: if there are several tasks, each has one picture. */
function collectUnreadable(outcomes: readonly TaskOutcome[]): UnreadableImage[] {
  return outcomes.flatMap((outcome, offset) =>
    outcome.unreadable.map((picture) => ({ ...picture, index: offset + picture.index })),
  );
}

function sumStages(outcomes: readonly TaskOutcome[]): StageTimes {
  const sum = noTime();
  for (const { stages } of outcomes) for (const stage of stageNames) sum[stage] += stages[stage];
  return sum;
}
