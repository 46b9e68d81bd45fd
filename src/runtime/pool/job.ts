import { OcrHubError } from '../errors/error.js';
import type { PredictAnswer, Results, ServiceRequest, UnreadableImage } from '../service/contract.js';
import { noTime, stageNames, type StageTimes } from '../trace/stage-times.js';
import type { LoadResult, TaskMessage, TaskOutcome } from './messages.js';

/** What one inference process does at a time: a picture of a request, or a request that cannot be split. */
export interface Part {
  readonly id: number;
  readonly job: Job;
  /** Place of its first picture in the request. */
  readonly offset: number;
  readonly images: readonly Uint8Array[];
  /** Inference processes that died while they worked on it. */
  deaths: number;
}

let nextId = 1;

/** One request on its way through the pool. */
export class Job {
  readonly request: ServiceRequest;
  /** Parts that no process works on. */
  readonly waiting: Part[];
  /** Settles once; later outcomes are ignored. */
  readonly answer: Promise<PredictAnswer>;
  settled = false;
  /** Whether an inference process died while it worked on a part of it. */
  endedProcess = false;
  /** Size of its pictures. */
  readonly bytes: number;
  readonly #traits: LoadResult;
  readonly #outcomes: (TaskOutcome | undefined)[];
  /** By the clock of `performance.now`. */
  readonly arrived = performance.now();
  #started: number | undefined;
  #resolve!: (answer: PredictAnswer) => void;
  #reject!: (error: Error) => void;

  constructor(request: ServiceRequest, traits: LoadResult) {
    this.request = request;
    this.#traits = traits;
    this.bytes = request.images.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const groups = traits.entries === null ? [request.images] : request.images.map((image) => [image]);
    this.waiting = groups.map((images, offset) => ({ id: nextId++, job: this, offset, images, deaths: 0 }));
    this.#outcomes = groups.map(() => undefined);
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether some part has been handed to a process. */
  get started(): boolean {
    return this.#started !== undefined;
  }

  /** Takes the next part that waits, as the message for a process. */
  take(): { part: Part; message: TaskMessage } | undefined {
    const part = this.waiting.shift();
    if (part === undefined) return undefined;
    this.#started ??= performance.now();
    const { route, fields } = this.request;
    return { part, message: { type: 'task', id: part.id, route, images: part.images, fields } };
  }

  /** Puts a part back whose process died under it. */
  putBack(part: Part): void {
    this.waiting.unshift(part);
  }

  finish(part: Part, outcome: TaskOutcome): void {
    if (this.settled) return;
    this.#outcomes[part.offset] = outcome;
    const outcomes = this.#outcomes.filter((other) => other !== undefined);
    if (outcomes.length < this.#outcomes.length) return;
    const unreadable = collectUnreadable(outcomes);
    if (unreadable.length === this.request.images.length || (this.#traits.entries === null && unreadable.length > 0)) {
      this.fail(new OcrHubError('no_image_readable', { unreadable }));
      return;
    }
    this.settled = true;
    this.#resolve({
      results: this.#results(outcomes),
      pages: outcomes.flatMap(({ pages }) => pages),
      unreadable,
      queueMs: (this.#started ?? this.arrived) - this.arrived,
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
    const { entries } = this.#traits;
    if (entries === null) return { kind: 'whole', json: texts[0] ?? 'null' };
    return { kind: 'entries', entries: texts, nested: entries.nested };
  }
}

/** Indices within parts become indices within the request: a part before this one held one picture each. */
function collectUnreadable(outcomes: readonly TaskOutcome[]): UnreadableImage[] {
  return outcomes.flatMap((outcome, offset) =>
    outcome.unreadable.map(({ index, reason }) => ({ index: offset + index, reason })),
  );
}

function sumStages(outcomes: readonly TaskOutcome[]): StageTimes {
  const sum = noTime();
  for (const { stages } of outcomes) for (const stage of stageNames) sum[stage] += stages[stage];
  return sum;
}
