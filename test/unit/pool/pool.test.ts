import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { homeAt } from '../../../src/runtime/config/home.js';
import type { ServeOptions } from '../../../src/runtime/options/serve-options.js';
import { Pool, type PoolEvents } from '../../../src/runtime/pool/pool.js';
import { stub } from '../../helpers/stub-process.js';

vi.mock('../../../src/runtime/pool/worker-handle.js', () => import('../../helpers/stub-process.js'));

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(stub, { diesWhileStarting: false, kills: 0, living: new Set() });
});
afterEach(() => {
  vi.useRealTimers();
});

const silent: PoolEvents = {
  processStarted: () => undefined,
  processLoaded: () => undefined,
  processEnded: () => undefined,
  processRetired: () => undefined,
  processPrinted: () => undefined,
  stateChanged: () => undefined,
};

const defaults = { processes: 1, maxQueue: 64, maxBody: 64 * 1024 ** 2, timeout: 6, maxMemory: Infinity, maxTasks: 0 };

async function startPool(options: Partial<ServeOptions> = {}): Promise<Pool> {
  const pool = new Pool(
    homeAt('/nowhere', '/nowhere/config.json'),
    { ...defaults, ...options } as ServeOptions,
    silent,
  );
  onTestFinished(() => pool.close());
  const started = pool.start();
  await vi.advanceTimersByTimeAsync(20);
  await started;
  return pool;
}

interface Asked {
  readonly pictures?: number;
  readonly bytes?: number;
  readonly route?: string;
  readonly fields?: object;
  readonly isStored?: boolean;
}

/** Sends a request and returns `ok` or the code of its error. */
async function ask(
  pool: Pool,
  { pictures = 1, bytes = 1, route = 'split', fields = {}, isStored }: Asked = {},
): Promise<string> {
  const files = Array.from({ length: pictures }, (_, i) => ({ bytes: new Uint8Array(bytes).fill(i, 0, 1), name: '' }));
  try {
    await pool.predict({ route, files, fields: { ...fields }, reading: {}, isStored }, new AbortController().signal);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** Advances the clock until the request is answered. */
async function answered(got: Promise<string>): Promise<string> {
  const seen = vi.fn();
  void got.then(seen);
  for (let ms = 0; seen.mock.calls.length === 0 && ms < 120_000; ms += 10) await vi.advanceTimersByTimeAsync(10);
  return got;
}

function states(pool: Pool): string[] {
  return pool.info().map(({ state }) => state);
}

describe('an overloaded pool', () => {
  it.each([
    [1, 20],
    [20, 60],
    [200, 120],
  ])('answers every request that it does not refuse: %i pictures a request', async (pictures, seconds) => {
    const pool = await startPool({ timeout: 60 });
    const counts = new Map<string, number>();
    const asking = setInterval(
      () => {
        void ask(pool, { pictures }).then((got) => counts.set(got, (counts.get(got) ?? 0) + 1));
      },
      (30 * pictures) / 6,
    );
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    clearInterval(asking);
    expect([...counts.keys()].sort()).toEqual(['ok', 'queue_full']);
    // All that it can do in this time, except the requests that are still in progress.
    expect((counts.get('ok') ?? 0) * pictures).toBeGreaterThan(seconds / 0.03 - 64 - 2 * pictures);
    expect(stub.kills).toBe(0);
  });

  it('refuses a request of 20 pictures if 10 wait, and one of 1 picture if 10 requests wait', async () => {
    const pool = await startPool({ maxQueue: 10 });
    const first = ask(pool, { pictures: 12 });
    expect(await ask(pool, { pictures: 20 })).toBe('queue_full');
    const others = Array.from({ length: 9 }, () => ask(pool));
    expect(await ask(pool)).toBe('queue_full');
    expect(await answered(first)).toBe('ok');
    expect(await Promise.all(others)).toEqual(others.map(() => 'ok'));
  });
});

describe('waiting requests', () => {
  it('a request of one picture does not wait for three of 500 pictures', async () => {
    const pool = await startPool({ maxQueue: 2000, timeout: 60 });
    const large = Array.from({ length: 3 }, () => ask(pool, { pictures: 500 }));
    const small = ask(pool);
    await vi.advanceTimersByTimeAsync(100);
    await expect(Promise.race([small, Promise.resolve('waits')])).resolves.toBe('ok');
    expect(await answered(Promise.all(large).then(String))).toBe('ok,ok,ok');
  });

  it('requests of equal size are finished in the order in which they arrive', async () => {
    const pool = await startPool();
    const order: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      void ask(pool, { pictures: 20 }).then((got) => order.push(`${name} ${got}`));
    }
    await vi.advanceTimersByTimeAsync(20 * 30 + 10);
    expect(order).toEqual(['first ok']);
    await vi.advanceTimersByTimeAsync(40 * 30);
    expect(order).toEqual(['first ok', 'second ok', 'third ok']);
  });

  it('a request of many pictures is finished although more requests of one picture arrive than can be answered', async () => {
    const pool = await startPool();
    const large = ask(pool, { pictures: 20 });
    const asking = setInterval(() => void ask(pool), 10);
    expect(await answered(large)).toBe('ok');
    clearInterval(asking);
  });
});

describe('the pictures of unanswered requests', () => {
  const MiB = 1024 ** 2;

  it('may hold a limited number of bytes together; further requests are refused until others are answered', async () => {
    const pool = await startPool({ maxBody: 100 * MiB });
    const taken = Array.from({ length: 5 }, () => ask(pool, { bytes: 48 * MiB }));
    expect(await ask(pool, { bytes: 48 * MiB })).toBe('queue_full');
    const small = ask(pool, { bytes: MiB });
    expect(await answered(Promise.all([...taken, small]).then(String))).toBe('ok,ok,ok,ok,ok,ok');
    expect(await answered(ask(pool, { bytes: 48 * MiB }))).toBe('ok');
  });

  it('may be as large as the largest body', async () => {
    const pool = await startPool({ maxBody: 511 * MiB });
    expect(await answered(ask(pool, { bytes: 383 * MiB }))).toBe('ok');
  });
});

describe('crashing processes', () => {
  const poison = { fields: { die: true } };

  it.each([
    [4, 4, 1],
    [1, 1, 3],
  ])(
    'a request that crashes processes does not make the pool fail: %i processes, %i crashing pictures, %i times',
    async (processes, pictures, times) => {
      const pool = await startPool({ processes, timeout: 60 });
      for (let i = 0; i < times; i++) expect(await answered(ask(pool, { ...poison, pictures }))).toBe('process_died');
      await vi.advanceTimersByTimeAsync(3000);
      expect(pool.state).toBe('ready');
      expect(await answered(ask(pool))).toBe('ok');
    },
  );

  it('five requests in a row that crash a process make the pool fail for a minute', async () => {
    const pool = await startPool({ timeout: 60 });
    for (let i = 0; i < 4; i++) expect(await answered(ask(pool, poison))).toBe('process_died');
    expect(await answered(ask(pool, poison))).toBe('not_ready');
    expect([pool.state, pool.reason]).toEqual([
      'failed',
      'inference processes ended with 5 requests or starts in a row without one good answer (SIGSEGV)',
    ]);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(pool.state).toBe('ready');
    expect(await answered(ask(pool))).toBe('ok');
  });

  it('jobs that crash a process do not circulate when the pool fails, and others are done afterwards', async () => {
    const pool = await startPool({ timeout: 60 });
    for (let i = 0; i < 4; i++) {
      expect(await answered(ask(pool, { ...poison, isStored: true }))).toBe('process_died');
    }
    const fifth = ask(pool, { ...poison, isStored: true });
    const good = ask(pool, { isStored: true });
    const awaited = ask(pool);
    expect(await answered(awaited)).toBe('not_ready');
    expect(pool.state).toBe('failed');
    expect(await answered(fifth)).toBe('process_died');
    expect(await answered(good)).toBe('ok');
    expect(pool.state).toBe('ready');
  });

  it('a job that waits in a failed pool is left to others when that pool is drained', async () => {
    const pool = await startPool({ timeout: 60 });
    for (let i = 0; i < 4; i++) await answered(ask(pool, poison));
    const job = ask(pool, { ...poison, isStored: true });
    expect(await answered(ask(pool))).toBe('not_ready');
    void pool.drain(60_000);
    await vi.advanceTimersByTimeAsync(0);
    await expect(Promise.race([job, Promise.resolve('waits')])).resolves.toBe('not_ready');
  });

  it('a process that cannot be restarted does not stop the others', async () => {
    const pool = await startPool({ processes: 4 });
    stub.diesWhileStarting = true;
    [...stub.living][0]?.die();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(pool.state).toBe('ready');
    expect(await answered(ask(pool))).toBe('ok');
    stub.diesWhileStarting = false;
    await vi.advanceTimersByTimeAsync(61_000);
    expect(states(pool)).toEqual(['idle', 'idle', 'idle', 'idle']);
  });

  it('a process that crashes while it starts is restarted less and less often, even if others answer requests', async () => {
    const pool = await startPool({ processes: 2 });
    let starts = 0;
    stub.diesWhileStarting = true;
    const counting = setInterval(() => {
      if (states(pool).includes('starting')) starts++;
      void ask(pool);
    }, 10);
    [...stub.living][0]?.die();
    await vi.advanceTimersByTimeAsync(20_000);
    clearInterval(counting);
    // Restarts after 0, 1, 1, 2, 3, 5 and 8 s; each start is counted twice.
    expect(starts).toBeLessThanOrEqual(16);
    expect(pool.state).toBe('ready');
  });

  it('the pool fails if its last process crashes and no successor can start', async () => {
    const pool = await startPool({ processes: 2 });
    stub.diesWhileStarting = true;
    for (const process of [...stub.living]) process.die();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(pool.state).toBe('failed');
    expect(await ask(pool)).toBe('not_ready');
    stub.diesWhileStarting = false;
    await vi.advanceTimersByTimeAsync(61_000);
    expect(states(pool)).toEqual(['idle', 'idle']);
    expect(await answered(ask(pool))).toBe('ok');
  });
});

describe('processes that somebody kills', () => {
  /** Kills the process that works, so many times, each a moment after it began. */
  async function killWorking(pool: Pool, times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      for (let ms = 0; !states(pool).includes('busy') && ms < 5000; ms += 10) await vi.advanceTimersByTimeAsync(10);
      for (const process of [...stub.living]) process.die();
    }
  }

  it.each([
    [{ isStored: true }, 4, 'ok'],
    [{ isStored: true }, 5, 'process_died'],
    [{}, 1, 'ok'],
    [{}, 2, 'process_died'],
  ])('a request (%o) that meets %i kills: %s', async (asked, kills, end) => {
    const pool = await startPool({ timeout: 60 });
    const got = ask(pool, asked);
    await killWorking(pool, kills);
    expect(await answered(got)).toBe(end);
    // All deaths of a request count once, so that the pool serves on.
    expect(await answered(ask(pool))).toBe('ok');
  });

  it('kills count for the picture that was in work, not for the others of its job', async () => {
    const pool = await startPool({ timeout: 60 });
    const got = ask(pool, { isStored: true, pictures: 4 });
    for (let picture = 0; picture < 4; picture++) {
      await killWorking(pool, 3);
      await vi.advanceTimersByTimeAsync(60);
    }
    expect(await answered(got)).toBe('ok');
  });

  it('a job that crashes its process by itself is done twice, also between kills', async () => {
    const pool = await startPool({ timeout: 60 });
    const got = ask(pool, { isStored: true, fields: { die: true } });
    await killWorking(pool, 2);
    expect(await answered(got)).toBe('process_died');
    expect(await answered(ask(pool))).toBe('ok');
  });

  it('a job misses no deadline because of kills, or because it waits behind others', async () => {
    const pool = await startPool({ timeout: 2 });
    const killed = ask(pool, { isStored: true, fields: { ms: 1500 } });
    const waits = ask(pool, { isStored: true, fields: { ms: 1500 } });
    await vi.advanceTimersByTimeAsync(1000);
    await killWorking(pool, 1);
    await vi.advanceTimersByTimeAsync(1000);
    await killWorking(pool, 1);
    expect(await answered(Promise.all([killed, waits]).then(String))).toBe('ok,ok');
  });

  it('a job that takes longer than the deadline misses it', async () => {
    const pool = await startPool({ timeout: 2 });
    expect(await answered(ask(pool, { isStored: true, fields: { ms: 2500 } }))).toBe('deadline_missed');
  });

  it('a picture that hangs misses the deadline while the others of its job go on', async () => {
    const pool = await startPool({ timeout: 2, processes: 2 });
    const got = ask(pool, { isStored: true, pictures: 8, fields: { hangs: 0, ms: 900 } });
    expect(await answered(got)).toBe('deadline_missed');
    expect(stub.kills).toBe(1);
  });
});

describe('documents in a pool', () => {
  it('are all read if several come at once, however long they wait for their turns', async () => {
    const pool = await startPool({ maxPages: 100 });
    const documents = Array.from({ length: 4 }, () => ask(pool, { fields: { pages: 60, ms: 500 } }));
    expect(await answered(Promise.all(documents).then(String))).toBe('ok,ok,ok,ok');
  });

  it('miss their deadline if one page takes too long', async () => {
    const pool = await startPool({ maxPages: 100 });
    const document = ask(pool, { fields: { pages: 2, ms: 7000 } });
    expect(await answered(document)).toBe('deadline_missed');
  });

  it('miss their deadline if none of their pages was started in time', async () => {
    const pool = await startPool({ maxPages: 100, timeout: 2 });
    const first = ask(pool, { fields: { pages: 2, ms: 1900 } });
    const second = ask(pool, { fields: { pages: 2, ms: 1900 } });
    const third = ask(pool, { fields: { pages: 2, ms: 1900 } });
    expect(await answered(third)).toBe('deadline_missed');
    expect(await answered(Promise.all([first, second]).then(String))).toMatch('ok,');
  });
});
