import { OcrHubError } from '../errors/error.js';
import type { PredictAnswer, Results, ServiceRequest, UnreadableImage } from '../service/contract.js';
import type { WrittenFile } from '../document/formats/formats.js';
import { noTime, stageNames } from '../trace/stage-times.js';
import { FileProgress } from './file-progress.js';
import type { LoadResult, ReadOutcome, TaskMessage, TaskOutcome } from './messages.js';

/** The unit of work of an inference process. */
export interface Task {
  readonly id: number;
  readonly job: Job;
  readonly work: Work;
  /** How many inference processes died while they worked on it. */
  deaths: number;
  /** How many of these deaths it must answer for. */
  crashes: number;
}

type Work =
  /** The first page of one file, whose other pages become tasks of their own; or all pages of all files. */
  | { readonly kind: 'open'; readonly files: readonly FileProgress[] }
  /** @param place index among the pages that the request asks for */
  | { readonly kind: 'page'; readonly file: FileProgress; readonly place: number; readonly page: number }
  /** Writes the answer as a file. */
  | { readonly kind: 'compose' };

/**
 * Maximum characters of a request's answers. A page with boxes of words has some 50,000; a small PDF file can hold pages
 * whose text layers have many millions, and all answers are in the memory of the server.
 */
const maxAnswer = 128 * 1024 ** 2;

/** A task that crashed two processes would crash the next one. */
const maxCrashes = 2;

/**
 * A signal that ends any process comes from a person, from a program, or from the kernel, which is short of memory. It may be short
 * because of the task, so that a task does not outlive them without end.
 */
const maxDeaths = 5;

let nextTaskId = 1;

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
  /** Size of all files. */
  readonly bytes: number;
  /** By `performance.now`. */
  readonly arrivedAt = performance.now();
  readonly #module: LoadResult;
  readonly #maxPages: number;
  readonly #files: readonly FileProgress[];
  readonly #stages = noTime();
  #whole: string | undefined;
  /** Characters of the answers so far. */
  #answered = 0;
  #startedAt: number | undefined;
  #resolve!: (answer: PredictAnswer) => void;
  #reject!: (error: Error) => void;

  /** @param maxPages maximum pages of all documents of the request */
  constructor(request: ServiceRequest, module: LoadResult, maxPages: number) {
    this.request = request;
    this.#module = module;
    this.#maxPages = maxPages;
    this.bytes = request.files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    this.#files = request.files.map((file) => new FileProgress(file));
    const groups = module.entries === null ? [this.#files] : this.#files.map((file) => [file]);
    this.waiting = groups.map((files) => this.#newTask({ kind: 'open', files }));
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether a process has worked on any task. */
  get started(): boolean {
    return this.#startedAt !== undefined;
  }

  /** Whether each of its tasks gets the time of a request: the pages of a document, and all of a request that nobody waits for. */
  get isTimedByTask(): boolean {
    return this.request.isStored === true || this.#files.some(({ documentPages }) => documentPages > 0);
  }

  /** The pages that were read, and a page for each picture. */
  get pageCount(): number {
    return this.#files.reduce((sum, { documentPages }) => sum + Math.max(1, documentPages), 0);
  }

  /** The ids of the files, by which a process holds them. */
  get fileIds(): readonly number[] {
    return this.#files.map(({ id }) => id);
  }

  /** Removes the next waiting task and returns it with the message for a process. */
  take(): { task: Task; message: TaskMessage } | undefined {
    const task = this.waiting.shift();
    if (task === undefined) return undefined;
    this.#startedAt ??= performance.now();
    return { task, message: this.#messageOf(task) };
  }

  /**
   * Counts the death of a process that worked on a task. False if the task is not to be done again.
   *
   * @param wasKilled by a signal that no crash has
   */
  outlives(task: Task, wasKilled: boolean): boolean {
    task.deaths++;
    if (!wasKilled || this.request.isStored !== true) task.crashes++;
    return task.crashes < maxCrashes && task.deaths < maxDeaths;
  }

  /** Makes a task wait again, before the others: its process died. */
  putBack(task: Task): void {
    this.waiting.unshift(task);
  }

  /** Takes the outcome of a task. The job may have more waiting tasks afterwards: the other pages of a document. */
  finish({ work }: Task, outcome: TaskOutcome): void {
    if (this.settled) return;
    if (outcome.type === 'compose') {
      this.#succeed(outcome.file);
      return;
    }
    for (const stage of stageNames) this.#stages[stage] += outcome.stages[stage];
    this.#answered += outcome.results.reduce((sum, { length }) => sum + length, 0) + picturesLength(outcome);
    if (this.#answered > maxAnswer) {
      this.fail(new OcrHubError('answer_too_large', { limit: maxAnswer }));
      return;
    }
    if (work.kind === 'open') this.#finishOpening(work.files, outcome);
    else if (work.kind === 'page') this.#finishPage(work.file, work.place, outcome);
    if (this.#files.every(({ isComplete }) => isComplete)) this.#finishReading();
  }

  /** The size of a file of the request. */
  sizeOf(file: number): number {
    return this.#files.find(({ id }) => id === file)?.size ?? 0;
  }

  /** The next process that gets the file refuses it, as it refuses a damaged one. */
  stopDecoding(file: number, reason: string): void {
    this.#files.find(({ id }) => id === file)?.stopDecoding(reason);
  }

  fail(error: OcrHubError): void {
    if (this.settled) return;
    this.settled = true;
    this.waiting.length = 0;
    this.#reject(error);
  }

  #newTask(work: Work): Task {
    return { id: nextTaskId++, job: this, work, deaths: 0, crashes: 0 };
  }

  #messageOf({ id, work }: Task): TaskMessage {
    const { route, fields, reading, output } = this.request;
    if (work.kind === 'compose') {
      if (output === undefined) throw new Error('a request without a format has nothing to compose');
      const documents = this.#files.map((file) => ({ ...file.toDocument(), password: reading.password }));
      return { type: 'compose', id, route, output, documents };
    }
    const files = work.kind === 'open' ? work.files : [work.file];
    const page = work.kind === 'page' ? work.page : undefined;
    return { type: 'read', id, route, files: files.map((file) => file.toTaskFile()), fields, reading, page };
  }

  #finishOpening(files: readonly FileProgress[], outcome: ReadOutcome): void {
    const isSplit = this.#module.entries !== null;
    files.forEach((file, i) => {
      const opened = outcome.files[i] ?? null;
      const problem = outcome.unreadable.find(({ index }) => index === i);
      if (problem !== undefined) file.fail(problem, outcome.results[0] ?? 'null');
      else if (opened !== null) file.start(opened, isSplit ? outcome.results : []);
      const pages = opened?.rest.map((page, j) => this.#newTask({ kind: 'page', file, place: j + 1, page })) ?? [];
      this.waiting.push(...pages);
    });
    if (!isSplit) this.#whole = outcome.results[0];
    const count = this.#files.reduce((sum, { documentPages }) => sum + documentPages, 0);
    if (count > this.#maxPages) this.fail(new OcrHubError('pages_too_many', { count, limit: this.#maxPages }));
  }

  #finishPage(
    file: FileProgress,
    place: number,
    { files: [opened], results, unreadable: [problem] }: ReadOutcome,
  ): void {
    const [page] = opened?.pages ?? [];
    if (page !== undefined) file.add(place, { ...page, entry: results[0] });
    if (problem === undefined) return;
    file.fail(problem, results[0] ?? 'null');
    // The other pages of an unreadable document are not read.
    const others = this.waiting.filter(({ work }) => !(work.kind === 'page' && work.file === file));
    this.waiting.splice(0, this.waiting.length, ...others);
  }

  #finishReading(): void {
    const unreadable = this.#unreadable();
    const { entries } = this.#module;
    if (unreadable.length === this.#files.length || (entries === null && unreadable.length > 0)) {
      this.fail(new OcrHubError('no_image_readable', { unreadable }));
    } else if (this.request.output === undefined) {
      this.#succeed(undefined);
    } else if (unreadable.length > 0) {
      // A file without them would look complete.
      this.fail(new OcrHubError('files_unreadable', { format: this.request.output.format, unreadable }));
    } else {
      this.waiting.push(this.#newTask({ kind: 'compose' }));
    }
  }

  #succeed(output: WrittenFile | undefined): void {
    this.settled = true;
    this.#resolve({
      results: this.#results(),
      files: this.#files.map((file) => file.toAnswer()),
      unreadable: this.#unreadable(),
      output,
      queueMs: (this.#startedAt ?? this.arrivedAt) - this.arrivedAt,
      stages: this.#stages,
    });
  }

  #unreadable(): UnreadableImage[] {
    return this.#files.flatMap(({ problem }, index) => (problem === undefined ? [] : [{ ...problem, index }]));
  }

  #results(): Results {
    const { entries } = this.#module;
    if (entries === null) return { kind: 'whole', json: this.#whole ?? 'null' };
    return { kind: 'entries', entries: this.#files.map((file) => file.firstEntry), nested: entries.nested };
  }
}

/** Characters of the pictures of pages in base64. */
function picturesLength({ files }: ReadOutcome): number {
  const pages = files.flatMap((file) => file?.pages ?? []);
  return pages.reduce((sum, { picture }) => sum + Math.ceil((picture?.length ?? 0) / 3) * 4, 0);
}
