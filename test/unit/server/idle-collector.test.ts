import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { IdleCollector } from '../../../src/runtime/server/idle-collector.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('collects once after many requests, when none is in work', () => {
  let isIdle = false;
  const collect = vi.fn();
  const collector = new IdleCollector(() => isIdle, collect);
  for (let i = 0; i < 100; i++) collector.schedule();
  vi.advanceTimersByTime(60_000);
  expect(collect).not.toHaveBeenCalled();
  isIdle = true;
  vi.advanceTimersByTime(60_000);
  expect(collect).toHaveBeenCalledTimes(1);
  collector.schedule();
  vi.advanceTimersByTime(60_000);
  expect(collect).toHaveBeenCalledTimes(2);
});

it('has a collection of V8 without a flag of Node', () => {
  const collector = new IdleCollector(() => true);
  collector.schedule();
  expect(() => vi.advanceTimersByTime(10_000)).not.toThrow();
});
