import type { WorkerHandle as Real, WorkerEvents } from '../../src/runtime/pool/worker-handle.js';
import type { LoadResult, LoadMessage, TaskMessage, TaskOutcome } from '../../src/runtime/pool/messages.js';

/*
 * Replaces src/runtime/pool/worker-handle.ts to test a pool without processes: a task is a timer. The module `split` gets
 * one picture a task, `whole` all pictures in one task. Request fields: `die` crashes the process, `ms` is the time a picture
 * or page takes, a file whose first byte is `hangs` is never done, `pages` makes the file a document of so many pages. `decodes` says that its files are being decoded, without end, and
 * refuses those whose decoding was stopped before. It writes a format without end.
 */

/** The behavior of new processes, set by tests, and the processes that live. */
export const stub = { diesWhileStarting: false, kills: 0, living: new Set<WorkerHandle>() };

const entries = { split: { nested: false }, whole: null };
const modules: LoadResult[] = Object.entries(entries).map(([route, shape]) => ({
  route,
  entries: shape,
  setting: null,
  models: [],
}));

let lastPid = 0;

export class WorkerHandle implements Pick<
  Real,
  'state' | 'task' | 'wasKilled' | 'wasTooSlow' | 'run' | 'release' | 'retire' | 'kill' | 'info' | 'taskCount'
> {
  state: Real['state'] = 'starting';
  task: number | undefined;
  wasKilled = false;
  wasTooSlow = false;
  readonly pid = ++lastPid;
  readonly served = 0;
  readonly failed = 0;
  readonly rss = 0;
  readonly taskCount = 0;
  readonly output = '';
  readonly #events: WorkerEvents;
  #slow: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout;

  constructor(_load: LoadMessage, events: WorkerEvents) {
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

  run(message: TaskMessage, timeoutMs: number): void {
    this.task = message.id;
    this.state = 'busy';
    this.#slow = setTimeout(() => {
      this.wasTooSlow = true;
      this.kill();
    }, timeoutMs);
    if (message.type === 'compose') return;
    const { id, files, fields, page } = message;
    const {
      ms = 30,
      die,
      decodes,
      pages = 1,
      hangs,
    } = fields as {
      ms?: number;
      die?: boolean;
      decodes?: boolean;
      pages?: number;
      hangs?: number;
    };
    const [file] = files;
    if (hangs !== undefined && file?.bytes?.[0] === hangs) return;
    if (decodes === true && file !== undefined) {
      if (file.tooCostly === undefined) this.#events.decoding(this.#real, file.id);
      else this.#refuse(id, file.tooCostly);
      return;
    }
    const rest = page === undefined ? Array.from({ length: pages - 1 }, (_, i) => i + 2) : [];
    this.#timer = setTimeout(() => {
      if (die === true) this.#end('SIGSEGV');
      else this.#finish(id, files.length, { number: page ?? 1, rest });
    }, ms);
  }

  /** Ends the process as `kill -9` does. */
  die(): void {
    clearTimeout(this.#timer);
    this.wasKilled = true;
    this.#end('SIGKILL');
  }

  release(): void {
    // It holds no document.
  }

  retire(): void {
    this.state = 'retiring';
  }

  kill(): void {
    stub.kills++;
    clearTimeout(this.#slow);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end('SIGKILL'), 1);
  }

  #refuse(id: number, reason: string): void {
    clearTimeout(this.#slow);
    this.task = undefined;
    this.state = 'idle';
    const unreadable = [{ index: 0, code: 'image_too_costly', reason, hint: '' }] as const;
    const stages = { decode: 0, detect: 0, classify: 0, recognize: 0 };
    this.#events.done(this.#real, id, { type: 'read', results: ['[]'], files: [null], unreadable, stages });
  }

  #finish(id: number, pictures: number, { number, rest }: { number: number; rest: number[] }): void {
    clearTimeout(this.#slow);
    this.task = undefined;
    if (this.state === 'busy') this.state = 'idle';
    const stages = { decode: 0, detect: 0, classify: 0, recognize: 0 };
    const each = Array.from({ length: pictures });
    const outcome: TaskOutcome = {
      type: 'read',
      results: each.map(() => '1'),
      files: each.map(() => ({
        kind: rest.length > 0 ? 'document' : 'picture',
        pages: [{ number, width: 1, height: 1 }],
        rest,
      })),
      unreadable: [],
      stages,
    };
    this.#events.done(this.#real, id, outcome);
  }

  #end(how: string): void {
    clearTimeout(this.#slow);
    stub.living.delete(this);
    this.#events.ended(this.#real, how);
  }

  get #real(): Real {
    return this as unknown as Real;
  }
}
