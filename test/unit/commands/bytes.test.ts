import { expect, it } from 'vitest';
import { bytesText } from '../../../src/commands/_bytes.js';

it.each([
  [undefined, '?'],
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [300_000, '300.0 kB'],
  [21_240_000, '21.2 MB'],
  [1_610_612_736, '1.6 GB'],
])('%s bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
