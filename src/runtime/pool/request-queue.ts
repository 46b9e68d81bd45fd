import { OcrHubError } from '../errors/error.js';
import type { Job, Task } from './job.js';

export interface QueueLimits {
  /** How many requests may wait before a new one of one picture. */
  readonly maxQueue: number;
  /** Largest request body in bytes. */
  readonly maxBody: number;
}

/** The pictures of all unanswered requests may hold this, or two of the largest bodies: a hundred average pages. */
const minMaxBytes = 256 * 1024 ** 2;

/**
 * The requests that wait for an inference process.
 *
 * Every other turn belongs to the oldest request, so that each request is finished. The turns between belong to the request
 * with the fewest waiting tasks, so that a request of many pictures does not delay the others.
 */
export class RequestQueue {
  readonly #limits: QueueLimits;
  /** Requests with waiting tasks, sorted by arrival. */
  readonly #jobs: Job[] = [];
  #isTurnOfOldest = true;
  /** Bytes of the pictures of all admitted requests. */
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  /** How many requests have no task that was started. */
  get unstarted(): number {
    return this.#jobs.filter((job) => !job.started).length;
  }

  /**
   * Refuses a request if too many tasks would be done before it.
   *
   * @param tasks how many tasks the request has
   * @param idleProcesses each of them takes one waiting task at once, so that a queue of length 0 accepts requests too
   * @throws OcrHubError `queue_full`
   */
  requireTurns(tasks: number, idleProcesses: number): void {
    // A larger queued request counts for at most as many tasks as this one has.
    const waiting = this.#jobs.reduce((sum, job) => sum + Math.min(job.waiting.length, tasks), 0);
    if (waiting < this.#limits.maxQueue + idleProcesses) return;
    throw new OcrHubError('queue_full', { waiting, what: tasks === 1 ? 'requests' : 'pictures' });
  }

  /**
   * Adds a new request. Its pictures count until `release`.
   *
   * @throws OcrHubError `queue_full`
   */
  add(job: Job, idleProcesses: number): void {
    this.requireTurns(job.waiting.length, idleProcesses);
    const maxBytes = Math.max(minMaxBytes, 2 * this.#limits.maxBody);
    if (this.#bytes + job.bytes > maxBytes) {
      throw new OcrHubError('queue_full', { waiting: this.#bytes, what: 'bytes' });
    }
    this.#bytes += job.bytes;
    this.#insert(job);
  }

  /** Frees the memory that an added request counts for. Call once, when the request has its answer. */
  release(job: Job): void {
    this.#bytes -= job.bytes;
  }

  /** Removes the next task and returns it with the message for a process. */
  take(): ReturnType<Job['take']> {
    const [oldest] = this.#jobs;
    if (oldest === undefined) return undefined;
    const job = this.#isTurnOfOldest ? oldest : this.#jobs.reduce(withFewerTasks);
    this.#isTurnOfOldest = !this.#isTurnOfOldest;
    const taken = job.take();
    if (job.waiting.length === 0) this.remove(job);
    return taken;
  }

  /** Makes a task wait again; its request keeps the place of its arrival. */
  putBack(task: Task): void {
    task.job.putBack(task);
    this.keep(task.job);
  }

  /** Takes a request back into the queue if it has waiting tasks again. */
  keep(job: Job): void {
    if (job.waiting.length > 0 && !this.#jobs.includes(job)) this.#insert(job);
  }

  /** Removes a request; does nothing if none of its tasks waits. */
  remove(job: Job): void {
    const index = this.#jobs.indexOf(job);
    if (index >= 0) this.#jobs.splice(index, 1);
  }

  /** Removes all requests and fails them with one error. */
  failAll(error: OcrHubError): void {
    for (const job of this.#jobs.splice(0)) job.fail(error);
  }

  /** Fails the requests whose clients wait. Jobs stay, with what they did to processes: sent anew they would circulate. */
  failAwaited(error: OcrHubError): void {
    for (const job of this.#jobs.filter(({ request }) => request.isStored !== true)) {
      this.remove(job);
      job.fail(error);
    }
  }

  #insert(job: Job): void {
    const index = this.#jobs.findIndex((other) => other.arrivedAt > job.arrivedAt);
    this.#jobs.splice(index === -1 ? this.#jobs.length : index, 0, job);
  }
}

/** The request with fewer waiting tasks; of two equal ones the first. */
function withFewerTasks(first: Job, second: Job): Job {
  return second.waiting.length < first.waiting.length ? second : first;
}
