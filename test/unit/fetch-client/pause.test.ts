import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { backoffMs, pause, retryAfterMs } from '../../../src/runtime/fetch-client/pause.js';

const now = Date.parse('Mon, 30 Nov 2026 12:00:00 GMT');

it.each([
  ['0', 0],
  ['2', 2000],
  [' 7 ', 7000],
  ['0.5', 500],
  ['86400', 60_000],
  ['Mon, 30 Nov 2026 12:00:05 GMT', 5000],
  ['Mon, 30 Nov 2026 11:59:00 GMT', 0],
  ['Tue, 01 Dec 2026 12:00:00 GMT', 60_000],
])('Retry-After: %s is a pause of %i ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});

it.each([null, '', 'soon', '-5', '1e3', 'Infinity', 'Mon, no date'])('Retry-After: %s is no pause', (header) => {
  expect(retryAfterMs(header, now)).toBeUndefined();
});

it('pauses without Retry-After grow to a minute', () => {
  expect([1, 2, 3, 50].map(backoffMs)).toEqual([500, 1000, 2000, 60_000]);
});

it('a pause ends by itself, and leaves no listener at the signal', async () => {
  const { signal } = new AbortController();
  await pause(5, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('an abort ends a pause with its reason, before it and during it', async () => {
  const controller = new AbortController();
  const pausing = pause(60_000, controller.signal);
  controller.abort(new Error('stop'));
  await expect(pausing).rejects.toThrow('stop');
  await expect(pause(60_000, controller.signal)).rejects.toThrow('stop');
});
