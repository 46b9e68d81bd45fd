import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { homeAt } from '../../../src/runtime/config/home.js';
import type { ServeOptions } from '../../../src/runtime/options/serve-options.js';
import { UseWatch, decodeLimits, writeLimits } from '../../../src/runtime/pool/use-watch.js';
import { Pool } from '../../../src/runtime/pool/pool.js';
import { useNow, type UseNow } from '../../../src/runtime/process/use-now.js';
import type { ServiceRequest } from '../../../src/runtime/service/contract.js';

vi.mock('../../../src/runtime/pool/worker-handle.js', () => import('../../helpers/stub-process.js'));
vi.mock('../../../src/runtime/process/use-now.js', { spy: true });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const mebibyte = 1024 ** 2;

describe('the limits of decoding', () => {
  it.each([
    ['the defaults', { timeout: 60, maxPixels: 64_000_000 }, 5, { cpuSeconds: 15, memory: 1024 ** 3 + 5 }],
    ['large pictures', { timeout: 8, maxPixels: 200_000_000 }, 0, { cpuSeconds: 2, memory: 3_200_000_000 }],
  ])('follow the options of the server: %s', (_, options, size, limits) => {
    expect(decodeLimits(options, size)).toEqual(limits);
  });

  it.each([
    [0, 15],
    [1, 15],
    [20, 300],
  ])('of a file that is written from %i pages grow with its pages', (pageCount, cpuSeconds) => {
    const limits = writeLimits({ timeout: 60, maxPixels: 64_000_000 }, { bytes: 5, pageCount });
    expect(limits).toEqual({ cpuSeconds, memory: 1024 ** 3 + 5 + pageCount * 24 * 1024 ** 2 });
  });
});

describe('UseWatch', () => {
  const limits = { cpuSeconds: 2, memory: 100 * mebibyte };
  const watch = (...uses: readonly (UseNow | undefined)[]) => {
    const left = [...uses];
    const onBreach = vi.fn();
    const watching = new UseWatch(1, limits, onBreach, () => (left.length > 1 ? left.shift() : left[0]));
    onTestFinished(() => watching.stop());
    return { watching, onBreach };
  };
  const start = { cpuSeconds: 50, memory: 300 * mebibyte };

  it.each([
    ['CPU time', { ...start, cpuSeconds: 52.1 }, 'more than 2 s of CPU time'],
    ['memory', { ...start, memory: 401 * mebibyte }, `more than ${100 * mebibyte} bytes of memory`],
  ])('tells once that the %s is over its limit', (_, over, reason) => {
    const { onBreach } = watch(start, start, over);
    vi.advanceTimersByTime(1000);
    expect(onBreach.mock.calls).toEqual([[reason]]);
  });

  it('counts what the process used before as no part of the decoding', () => {
    const { onBreach } = watch(start, { cpuSeconds: 51.9, memory: 399 * mebibyte });
    vi.advanceTimersByTime(1000);
    expect(onBreach).not.toHaveBeenCalled();
  });

  it('is silent after its end, and where the OS tells nothing', () => {
    const { watching, onBreach } = watch(start, { ...start, cpuSeconds: 100 });
    watching.stop();
    const unknown = watch(undefined);
    vi.advanceTimersByTime(1000);
    expect(onBreach).not.toHaveBeenCalled();
    expect(unknown.onBreach).not.toHaveBeenCalled();
  });

  it.runIf(process.platform === 'linux')('reads the use of a process', async () => {
    const { useNow: read } = await vi.importActual<{ useNow: typeof useNow }>(
      '../../../src/runtime/process/use-now.js',
    );
    const use = read(process.pid);
    const cpu = process.cpuUsage();
    expect(use?.cpuSeconds).toBeGreaterThan(0);
    expect(use?.cpuSeconds).toBeLessThanOrEqual((cpu.user + cpu.system) / 1e6 + 0.02);
    expect((use?.memory ?? 0) / process.memoryUsage.rss()).toBeCloseTo(1, 0);
    expect(read(2 ** 30)).toBeUndefined();
  });
});

/** A pool of one process. Each look at the use of a process finds a second of CPU time more. */
async function startPool() {
  const retired = vi.fn();
  const ended = vi.fn();
  const states: string[] = [];
  let cpuSeconds = 0;
  vi.mocked(useNow).mockImplementation(() => ({ cpuSeconds: (cpuSeconds += 1), memory: 0 }));
  const options = {
    processes: 1,
    maxQueue: 64,
    maxBody: 1e6,
    timeout: 20,
    maxMemory: Infinity,
    maxTasks: 0,
    maxPixels: 1,
    maxPages: 100,
  };
  const pool = new Pool(homeAt('/nowhere', '/nowhere/config.json'), options as ServeOptions, {
    processStarted: () => undefined,
    processLoaded: () => undefined,
    processEnded: (_pid, _end, expected) => {
      ended(expected);
    },
    processRetired: retired,
    processPrinted: () => undefined,
    stateChanged: (state) => states.push(state),
  });
  onTestFinished(() => pool.close());
  const started = pool.start();
  await vi.advanceTimersByTimeAsync(20);
  await started;
  const ask = (fields: Record<string, unknown>, more: Partial<ServiceRequest> = {}) =>
    pool
      .predict(
        { route: 'split', files: [{ bytes: new Uint8Array(1), name: '' }], fields, reading: {}, ...more },
        new AbortController().signal,
      )
      .then(
        () => 'ok',
        (error: unknown) => (error as Error).message,
      );
  return { ask, states, retired, ended };
}

describe('a pool that gets files which take too much to decode', () => {
  it('answers each as unreadable, reads the other files, and stays ready', async () => {
    const { ask, states, retired, ended } = await startPool();
    const answers: string[] = [];
    for (let i = 0; i < 10; i++) {
      const answer = ask({ decodes: true });
      await vi.advanceTimersByTimeAsync(2000);
      answers.push(await answer);
    }
    expect(answers).toEqual(
      Array(10).fill('No picture could be read: image 0: it takes more than 5 s of CPU time to decode'),
    );
    const good = ask({});
    await vi.advanceTimersByTimeAsync(100);
    expect(await good).toBe('ok');
    expect(states).toEqual(['ready']);
    expect(retired).toHaveBeenCalledTimes(10);
    expect(ended.mock.calls).toEqual(Array(10).fill([true]));
  });
});

describe('a pool that writes formats which take too much', () => {
  it.each([
    [1, 'more than 5 s of CPU time'],
    [3, 'more than 15 s of CPU time'],
  ])('refuses that of %i pages, reads other files, and stays ready', async (pages, use) => {
    const { ask, states, retired, ended } = await startPool();
    const output = { format: 'pdf', paragraphs: false } as const;
    const answer = ask({ pages }, { output });
    await vi.advanceTimersByTimeAsync(3000);
    expect(await answer).toBe(`The answer in format=pdf is refused: it takes ${use} to write`);
    const good = ask({});
    await vi.advanceTimersByTimeAsync(100);
    expect(await good).toBe('ok');
    expect(states).toEqual(['ready']);
    expect(retired.mock.calls).toEqual([[expect.any(Number), `of a file that it writes: format=pdf takes ${use}`]]);
    expect(ended.mock.calls).toEqual([[true]]);
  });
});
