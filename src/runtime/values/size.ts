import { z } from './check.js';

/** A number of bytes or pixels, with or without a unit: 67108864, 64MiB, 1.5GiB, 40MP. */
export const size = z.union([z.number(), z.string()]).transform((value, context) => {
  const count = typeof value === 'number' ? value : parseSize(value);
  if (Number.isInteger(count) && count >= 1) return count;
  // The error shows the value as the user wrote it.
  context.issues.push({ code: 'custom', input: value, message: 'expected a size such as 67108864, 64MiB or 40MP' });
  return z.NEVER;
});

/** A body becomes one string, and V8 strings are shorter than 512 MiB. */
export const bodySize = size.refine(
  (bytes) => bytes <= 511 * 1024 ** 2,
  'expected at most 511MiB, the longest string in Node.js',
);

/** Returns NaN for a text that is not a size. */
function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(i?)(?:b|p|)$/i.exec(text.trim());
  if (match === null) return NaN;
  const [, number = '', prefix = '', binary = ''] = match;
  const power = ['', 'k', 'm', 'g'].indexOf(prefix.toLowerCase());
  return Math.round(Number(number) * (binary === '' ? 1000 : 1024) ** power);
}
