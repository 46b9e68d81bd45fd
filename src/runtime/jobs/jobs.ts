import { OcrHubError } from '../errors/error.js';
import type { RequestRecord, Service } from '../service/contract.js';
import { noTime } from '../trace/stage-times.js';
import { unlessGone } from './item.js';
import type { JobHints } from './job-hints.js';
import {
  asOutcome,
  newSecret,
  toParts,
  type Job,
  type JobAnswer,
  type JobHead,
  type NewJob,
  type Outcome,
} from './job.js';
import { JobRunner, maxClaims } from './job-runner.js';
import { headPart, outcomePart, type Store } from './store.js';

export interface JobsOptions {
  readonly port: number;
  /** Whether the store is for the servers of other machines and ports too: whoever serves the module of a job works on it. */
  readonly isShared: boolean;
  /** Jobs in work at a time. */
  readonly processes: number;
  /** Of servers that share a store. */
  readonly hints?: JobHints | undefined;
}

/** The jobs of a server: requests that are answered later, in the queue of all requests. */
export class Jobs {
  readonly #store: Store;
  readonly #options: JobsOptions;
  readonly #runner: JobRunner;
  /** What the jobs are does not change. */
  readonly #heads = new Map<string, JobHead>();

  constructor(store: Store, service: Pick<Service, 'predict' | 'observe' | 'has'>, options: JobsOptions) {
    this.#store = store;
    this.#options = options;
    const observe = (head: JobHead, record: Partial<RequestRecord>): void => {
      service.observe({ ...emptyRecord, id: head.requestId, token: head.token, route: head.route, ...record });
    };
    this.#runner = new JobRunner(store, {
      ...options,
      isMine: ({ port, route }) => (options.isShared ? service.has(route) : port === options.port),
      predict: (work, signal) => service.predict(work, signal),
      headOf: (id) => this.#headOf(id),
      forgetGone: (present) => {
        for (const id of this.#heads.keys()) if (!present.has(id)) this.#heads.delete(id);
      },
      observe,
    });
  }

  /** Takes up the jobs that were interrupted, now and later. */
  start(): void {
    this.#runner.start();
  }

  /** Takes up no more jobs. Those in work go on until their requests are answered; others wait for the next server. */
  stop(): void {
    this.#runner.stop();
  }

  /** Resolves when no job is in work; call it after `stop`. */
  idle(): Promise<void> {
    return this.#runner.idle();
  }

  /** @throws OcrHubError `jobs_full`, `jobs_unwritable` */
  async submit({ work, ...rest }: NewJob): Promise<string> {
    const head: JobHead = { ...rest, port: this.#options.port, route: work.route, secret: newSecret() };
    const id = await this.#store.add('job', toParts(head, work));
    this.#runner.add(id);
    return id;
  }

  /** @throws OcrHubError `job_unknown` */
  async find(id: string, protocol: string): Promise<Job> {
    const [state, head] = await Promise.all([this.#store.state(id), this.#headOf(id)]);
    if (state === undefined || head?.protocol !== protocol) throw new OcrHubError('job_unknown', { what: 'job', id });
    const { createdAt, finishedAt } = state;
    const common = { ...head, id, createdAt, finishedAt };
    if (finishedAt !== undefined) {
      const outcome = await this.#json<Outcome>(id, outcomePart);
      // Another server has removed the job.
      if (outcome === undefined) throw new OcrHubError('job_unknown', { what: 'job', id });
      if (outcome.state === 'done') return { ...common, state: 'done', error: undefined };
      return { ...common, state: 'failed', error: OcrHubError.from(outcome.error) };
    }
    if (state.isClaimed) return { ...common, state: 'running', error: undefined };
    if (state.claims < maxClaims) return { ...common, state: 'waiting', error: undefined };
    return { ...common, state: 'failed', error: new OcrHubError('job_interrupted', { times: state.claims }) };
  }

  /** The jobs of a protocol that were sent with a token and whose data match, oldest first. */
  async findAll(
    { protocol, token }: Pick<JobHead, 'protocol' | 'token'>,
    matches: (data: unknown) => boolean,
  ): Promise<Job[]> {
    const ids = await this.#store.list('job');
    const heads = await Promise.all(ids.map((id) => this.#headOf(id)));
    const wanted = ids.filter((_, i) => {
      const head = heads[i];
      return head?.protocol === protocol && head.token === token && matches(head.data);
    });
    const jobs = await Promise.all(wanted.map((id) => this.find(id, protocol).catch(unlessGone)));
    return jobs.filter((job) => job !== undefined).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  /**
   * What was read.
   *
   * @throws OcrHubError `job_unknown`, `job_unfinished`, and the error with which the job failed
   */
  async answerOf(id: string, protocol: string): Promise<JobAnswer> {
    const { state, error } = await this.find(id, protocol);
    if (error !== undefined) throw asOutcome(error);
    if (state !== 'done') throw new OcrHubError('job_unfinished', { id });
    const answer = await this.#json<JobAnswer>(id, 'answer.json');
    if (answer === undefined) throw new OcrHubError('job_unknown', { what: 'job', id });
    return answer;
  }

  /** The file that was asked for; undefined if there is none. */
  outputOf(id: string): Promise<Buffer | undefined> {
    return this.#store.read(id, 'output');
  }

  /** Also ends the work on it. */
  async remove(id: string, protocol: string): Promise<void> {
    await this.find(id, protocol);
    this.#heads.delete(id);
    this.#runner.cancel(id);
    await this.#store.remove(id);
  }

  async #headOf(id: string): Promise<JobHead | undefined> {
    const known = this.#heads.get(id);
    if (known !== undefined) return known;
    const head = await this.#json<JobHead>(id, headPart);
    if (head !== undefined) this.#heads.set(id, head);
    return head;
  }

  async #json<T>(id: string, part: string): Promise<T | undefined> {
    const text = await this.#store.read(id, part);
    return text === undefined ? undefined : (JSON.parse(text.toString()) as T);
  }
}

const emptyRecord: RequestRecord = {
  id: '',
  route: '',
  images: 0,
  outcome: 'answered',
  httpStatus: 200,
  status: 'job',
  message: '',
  ms: 0,
  queueMs: 0,
  stages: noTime(),
};
