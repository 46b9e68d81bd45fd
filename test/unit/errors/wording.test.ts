import { expect, it } from 'vitest';
import { shown } from '../../../src/runtime/errors/wording.js';

const deep = (open: string, close: string): unknown => JSON.parse(open.repeat(50_000) + close.repeat(50_000));

it.each([
  [['a', 1], '["a",1]'],
  ['x'.repeat(100), `"${'x'.repeat(76)}...`],
  [undefined, 'nothing'],
  [NaN, 'NaN'],
  [deep('[', ']'), 'a list'],
  [deep('{"a":[', ']}'), 'an object'],
])('shows a value in a message: %#', (value, text) => {
  expect(shown(value)).toBe(text);
});
