import { expect, it } from 'vitest';
import { nearest } from '../../../src/runtime/errors/nearest.js';

const words = ['home', 'port', 'host', 'workers', 'det_db_thresh', 'det_db_box_thresh'];

it.each([
  ['prot', 'port'],
  // "home" differs from it by as many letters.
  ['hots', 'host'],
  ['worker', 'workers'],
  ['det_db_treshold', 'det_db_thresh'],
  ['det_db_boxthresh', 'det_db_box_thresh'],
  ['DET_DB_THRESH', 'det_db_thresh'],
  ['det_db_box', 'det_db_box_thresh'],
])('the nearest name to %s is %s', (word, near) => {
  expect(nearest(word, words)).toBe(near);
});

it('prefers a name that begins with the word to a name with fewer changed letters', () => {
  const names = ['det_limit_type', 'det_limit_side_length', 'det_limit_side_len'];
  expect(nearest('det_limit_side', names)).toBe('det_limit_side_len');
});

it.each([['x'], ['id'], ['language'], ['']])('%j has no nearest name', (word) => {
  expect(nearest(word, words)).toBeUndefined();
});

it('nearest returns nothing if there are no candidates', () => {
  expect(nearest('port', [])).toBeUndefined();
});

it('nearest returns at once for a word that is too long to match any candidate', () => {
  const word = 'kq7x'.repeat(250_000);
  const unreadable = Object.assign(new String(word), {
    [Symbol.iterator]: () => {
      throw new Error('letters were read');
    },
  }) as unknown as string;
  expect(nearest(unreadable, words)).toBeUndefined();
});
