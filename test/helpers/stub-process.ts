import type { WorkerHandle as Real, ProcessEvents } from '../../src/runtime/pool/worker-handle.js';
import type { LoadResult, LoadMessage, TaskMessage, TaskOutcome } from '../../src/runtime/pool/messages.js';

/*
 * Stands in for src/runtime/pool/worker-handle.ts, so that a pool can be tested without processes: a task is
 * a timer. The modules: `split` is handed over a picture at a time, `whole` in one task. Fields of a request: `die` ends
 * the process, `ms` is how long a picture takes.
 */

/** What the next processes do, set by tests, and those that live. */
export const stub = { diesWhileStarting: false, kills: 0, living: new Set<WorkerHandle>() };

const entries = { split: { nested: false }, whole: null };
const modules: LoadResult[] = Object.entries(entries).map(([route, shape]) => ({
  route,
  entries: shape,
  setting: null,
  models: [],
}));

let lastPid = 0;

export class WorkerHandle implements Pick<Real, 'state' | 'task' | 'run' | 'retire' | 'kill' | 'info' | 'total'> {
  state: Real['state'] = 'starting';
  task: number | undefined;
  readonly pid = ++lastPid;
  readonly served = 0;
  readonly failed = 0;
  readonly rss = 0;
  readonly total = 0;
  readonly printed = '';
  readonly #events: ProcessEvents;
  #timer: NodeJS.Timeout;

  constructor(_load: LoadMessage, events: ProcessEvents) {
    this.#events = events;
    stub.living.add(this);
    this.#timer = setTimeout(() => {
      if (stub.diesWhileStarting) {
        this.#end('SIGKILL');
        return;
      }
      this.state = 'idle';
      events.loaded(this.#real, modules, []);
    }, 20);
  }

  info(): ReturnType<Real['info']> {
    const { pid, state, served, failed } = this;
    return { pid, state, served, failed };
  }

  run({ id, images, fields }: TaskMessage): void {
    this.task = id;
    this.state = 'busy';
    const { ms = 30, die } = fields as { ms?: number; die?: boolean };
    this.#timer = setTimeout(() => {
      if (die === true) this.#end('SIGSEGV');
      else this.#finish(id, images.length);
    }, ms);
  }

  /** As a test, or the kernel, ends it. */
  die(): void {
    clearTimeout(this.#timer);
    this.#end('SIGKILL');
  }

  retire(): void {
    this.state = 'retiring';
  }

  kill(): void {
    stub.kills++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end('SIGKILL'), 1);
  }

  #finish(id: number, pictures: number): void {
    this.task = undefined;
    if (this.state === 'busy') this.state = 'idle';
    const stages = { decode: 0, detect: 0, classify: 0, recognise: 0 };
    const each = Array.from({ length: pictures });
    const outcome: TaskOutcome = {
      results: each.map(() => '1'),
      pages: each.map(() => ({ width: 1, height: 1 })),
      unreadable: [],
      stages,
    };
    this.#events.done(this.#real, id, outcome);
  }

  #end(how: string): void {
    stub.living.delete(this);
    this.#events.ended(this.#real, how);
  }

  get #real(): Real {
    return this as unknown as Real;
  }
}
