import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BoundedLog } from '../../../src/runtime/server/bounded-log.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('requests that anybody can send get a hundred lines, then one a second, and the others are counted', () => {
  const lines: string[] = [];
  const told: object[] = [];
  const log = {
    info: (_: object, line: string) => void lines.push(line),
    warn: (fields: object) => void told.push(fields),
    error: vi.fn(),
  };
  const bounded = new BoundedLog(log);
  for (let i = 0; i < 2800; i++) bounded.add((to) => to.info({}, String(i)));
  expect([lines.length, lines.at(-1)]).toEqual([100, '99']);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([{ leftOut: 2700 }]);
  for (let i = 0; i < 50; i++) bounded.add((to) => to.info({}, 'later'));
  expect(lines.filter((line) => line === 'later')).toHaveLength(10);
  vi.advanceTimersByTime(3_600_000);
  expect(told).toEqual([{ leftOut: 2700 }, { leftOut: 40 }]);
  for (let i = 0; i < 50; i++) bounded.add((to) => to.info({}, 'much later'));
  expect(lines.filter((line) => line === 'much later')).toHaveLength(50);
});
