import { expect, it } from 'vitest';
import { nearest } from '../../../src/runtime/errors/nearest.js';

const words = ['home', 'port', 'host', 'workers', 'det_db_thresh', 'det_db_box_thresh'];

it.each([
  ['prot', 'port'],
  // As far from "home" by changed letters.
  ['hots', 'host'],
  ['worker', 'workers'],
  ['det_db_treshold', 'det_db_thresh'],
  ['det_db_boxthresh', 'det_db_box_thresh'],
])('%s is near to %s', (word, near) => {
  expect(nearest(word, words)).toBe(near);
});

it.each([['x'], ['id'], ['language'], ['']])('%j is near to none', (word) => {
  expect(nearest(word, words)).toBeUndefined();
});

it('answers nothing where there is nothing to choose from', () => {
  expect(nearest('port', [])).toBeUndefined();
});

it('does not look at the letters of a word that is too long to be near to any', () => {
  const word = 'kq7x'.repeat(250_000);
  const lookedAt = Object.assign(new String(word), {
    [Symbol.iterator]: () => {
      throw new Error('looked at');
    },
  }) as unknown as string;
  expect(nearest(lookedAt, words)).toBeUndefined();
});
