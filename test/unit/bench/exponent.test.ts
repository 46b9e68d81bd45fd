import { expect, it } from 'vitest';
import { exponent } from '../../../bench/report/exponent.js';

const sizes = [1, 10, 50, 200, 800];

it.each([0, 1, 1.5, 2])('exponent returns the power of x ** %d', (power) => {
  expect(exponent(sizes.map((x) => ({ x, y: 3 * x ** power })))).toBeCloseTo(power);
});

it('exponent of a sum lies between the exponents of its summands', () => {
  const slope = exponent(sizes.map((x) => ({ x, y: 100 + x })));
  expect(slope).toBeGreaterThan(0);
  expect(slope).toBeLessThan(1);
});
