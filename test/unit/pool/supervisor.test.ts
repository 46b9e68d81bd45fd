import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { Supervisor, type SupervisorOptions, type Worker } from '../../../src/runtime/pool/supervisor.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A fake process. The test controls its events. */
class FakeWorker implements Worker {
  readonly pid: number;
  state: Worker['state'] = 'starting';
  rss = 0;
  taskCount = 0;
  output = '';
  killed = false;

  constructor(pid: number) {
    this.pid = pid;
  }

  retire(): void {
    this.state = 'retiring';
  }

  kill(): void {
    this.killed = true;
  }
}

const crash = { alreadyCounted: false, wasStopped: false, areWaiting: false };

class Harness {
  readonly spawned: FakeWorker[] = [];
  readonly states: string[] = [];
  readonly retired: string[] = [];
  readonly supervisor: Supervisor<FakeWorker>;

  constructor(options: Partial<SupervisorOptions> = {}) {
    const spawn = (): FakeWorker => {
      const worker = new FakeWorker(this.spawned.length + 1);
      this.spawned.push(worker);
      return worker;
    };
    this.supervisor = new Supervisor({ processes: 1, maxMemory: Infinity, maxTasks: 0, ...options }, spawn, {
      processStarted: () => undefined,
      processEnded: () => undefined,
      processRetired: (pid, why) => this.retired.push(`${pid}: ${why}`),
      stateChanged: (state) => this.states.push(state),
    });
  }

  /** The worker that was spawned as the n-th, from 1. */
  worker(n: number): FakeWorker {
    const worker = this.spawned[n - 1];
    if (worker === undefined) throw new Error(`only ${this.spawned.length} workers were spawned`);
    return worker;
  }

  load(n: number): void {
    this.worker(n).state = 'idle';
    this.supervisor.onLoaded();
  }

  end(n: number, about = crash): void {
    this.supervisor.onEnded(this.worker(n), 'SIGKILL', about);
  }

  async startAll(): Promise<void> {
    const started = this.supervisor.start();
    for (const { pid } of [...this.spawned]) this.load(pid);
    await started;
  }
}

it('the pool is ready when every process has loaded the modules', async () => {
  const harness = new Harness({ processes: 2 });
  const started = harness.supervisor.start();
  harness.load(1);
  expect(harness.supervisor.state).toBe('starting');
  harness.load(2);
  await started;
  expect(harness.states).toEqual(['ready']);
});

it('the pool fails to start with the error of a module that cannot be loaded', async () => {
  const harness = new Harness();
  const started = harness.supervisor.start();
  harness.supervisor.onLoadFailed(new OcrHubError('module_not_served', { name: 'broken' }));
  await expect(started).rejects.toMatchObject({ code: 'module_not_served' });
});

it('the pool fails to start with the output of a process that ends while it loads', async () => {
  const harness = new Harness();
  const started = harness.supervisor.start();
  harness.worker(1).output = 'out of memory';
  harness.end(1);
  await expect(started).rejects.toMatchObject({
    code: 'process_start_failed',
    details: { end: 'SIGKILL', output: 'out of memory' },
  });
});

it('the pool cannot be started after it was closed', async () => {
  const harness = new Harness();
  harness.supervisor.close();
  await expect(harness.supervisor.start()).rejects.toMatchObject({ code: 'not_ready' });
  expect(harness.spawned).toEqual([]);
});

it('the pool restarts a crashed process at once the first time, and after a second the next time', async () => {
  const harness = new Harness({ processes: 2 });
  await harness.startAll();
  harness.end(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(harness.spawned).toHaveLength(3);
  harness.load(3);
  harness.end(3);
  await vi.advanceTimersByTimeAsync(999);
  expect(harness.spawned).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1);
  expect(harness.spawned).toHaveLength(4);
  expect(harness.supervisor.state).toBe('ready');
});

it('the pool restarts a crashed process at once again after a successful task', async () => {
  const harness = new Harness({ processes: 2 });
  await harness.startAll();
  harness.end(1);
  await vi.advanceTimersByTimeAsync(0);
  harness.load(3);
  harness.supervisor.onTaskEnded(harness.worker(3), true);
  harness.end(3);
  await vi.advanceTimersByTimeAsync(0);
  expect(harness.spawned).toHaveLength(4);
});

/** Crashes the only process `times` times; each successor loads. */
async function crashTimes(harness: Harness, times: number, about = crash): Promise<void> {
  for (let i = 0; i < times; i++) {
    harness.end(harness.spawned.length, about);
    if (harness.supervisor.state === 'failed') return;
    await vi.advanceTimersByTimeAsync(60_000);
    harness.load(harness.spawned.length);
  }
}

it('the pool has failed after five crashes in a row, tries one process a minute later, and fails again if it crashes', async () => {
  const harness = new Harness();
  await harness.startAll();
  await crashTimes(harness, 5);
  expect([harness.supervisor.state, harness.supervisor.reason]).toEqual([
    'failed',
    'inference processes ended with 5 requests or starts in a row without one good answer (SIGKILL)',
  ]);
  const before = harness.spawned.length;
  await vi.advanceTimersByTimeAsync(59_999);
  expect(harness.spawned).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(1);
  harness.load(before + 1);
  expect(harness.supervisor.state).toBe('ready');
  harness.end(before + 1);
  expect(harness.states).toEqual(['ready', 'failed', 'ready', 'failed']);
});

it('the pool does not count crashes that are counted already', async () => {
  const harness = new Harness();
  await harness.startAll();
  await crashTimes(harness, 20, { alreadyCounted: true, wasStopped: false, areWaiting: false });
  expect(harness.supervisor.state).toBe('ready');
});

it('the pool stays ready while one process works, even if the others never start', async () => {
  const harness = new Harness({ processes: 2 });
  await harness.startAll();
  harness.end(1);
  for (let i = 0; i < 10; i++) {
    await vi.advanceTimersByTimeAsync(60_000);
    harness.end(harness.spawned.length);
  }
  expect(harness.spawned).toHaveLength(12);
  expect(harness.states).toEqual(['ready']);
});

it('the pool names the problem of the modules if no process can be started again', async () => {
  const harness = new Harness();
  await harness.startAll();
  harness.end(1);
  for (let i = 0; i < 4; i++) {
    await vi.advanceTimersByTimeAsync(60_000);
    harness.supervisor.onLoadFailed(new OcrHubError('module_not_served', { name: 'broken' }));
    harness.end(harness.spawned.length);
  }
  expect(harness.supervisor.state).toBe('failed');
  expect(harness.supervisor.reason).toContain(new OcrHubError('module_not_served', { name: 'broken' }).message);
});

it.each([
  ['memory', { maxMemory: 1000 }, { rss: 1001 }, '1: its memory is 1001 bytes'],
  ['tasks', { maxTasks: 3 }, { taskCount: 3 }, '1: it did 3 tasks'],
])(
  'the pool replaces a process that reached its maximum of %s once its successor has loaded',
  async (_, limit, use, why) => {
    const harness = new Harness(limit);
    await harness.startAll();
    Object.assign(harness.worker(1), use);
    harness.supervisor.onTaskEnded(harness.worker(1), true);
    harness.supervisor.onTaskEnded(harness.worker(1), true);
    expect(harness.retired).toEqual([why]);
    expect(harness.spawned).toHaveLength(2);
    expect(harness.worker(1).state).toBe('idle');
    harness.load(2);
    expect(harness.worker(1).state).toBe('retiring');
    harness.end(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(harness.spawned).toHaveLength(2);
    expect(harness.states).toEqual(['ready']);
  },
);

it('the pool kills all processes and restarts none after it was closed', async () => {
  const harness = new Harness({ processes: 2 });
  await harness.startAll();
  harness.end(1);
  harness.supervisor.close();
  expect(harness.worker(2).killed).toBe(true);
  harness.end(2);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(harness.spawned).toHaveLength(2);
  expect(harness.states).toEqual(['ready', 'draining']);
});

it('the pool starts a process during a drain only if requests wait and no other process is left', async () => {
  const harness = new Harness({ processes: 2 });
  await harness.startAll();
  harness.supervisor.announceEnd();
  harness.end(1, { alreadyCounted: false, wasStopped: false, areWaiting: true });
  expect(harness.spawned).toHaveLength(2);
  harness.end(2, { alreadyCounted: false, wasStopped: false, areWaiting: true });
  expect(harness.spawned).toHaveLength(3);
});
