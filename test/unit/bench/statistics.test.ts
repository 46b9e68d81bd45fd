import { expect, it } from 'vitest';
import { mean, median, percentile } from '../../../bench/lib/statistics.js';

it('percentile returns the nearest rank of unsorted values', () => {
  const values = [50, 10, 40, 20, 30];
  expect([0.2, 0.21, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([10, 20, 30, 50, 50]);
});

it('median returns the middle value, or the upper one of two middle values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(3);
});

it('statistics of an empty list are NaN', () => {
  expect([mean([]), median([]), percentile([], 0.5)]).toEqual([NaN, NaN, NaN]);
});
