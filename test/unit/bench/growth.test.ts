import { expect, it } from 'vitest';
import { describeExponents, type Growth } from '../../../bench/report/growth.js';

/** Detection grows by the power, recognition linearly; the other stages stay at 0. */
function growth(power: number): Growth {
  return {
    unit: 'lines',
    points: [1, 10, 100].map((size) => ({
      size,
      linesRead: size,
      stages: { decode: 0.5, detect: size ** power / 10, recognize: size / 10, rest: 0.001 },
      wallSeconds: size,
      peakMB: 200 + size,
      grownMB: size,
    })),
  };
}

it('describeExponents names quantities that grow faster than linearly', () => {
  expect(describeExponents(growth(2))).toMatch(/detect 2\.00, recognize 1\.00, .* above 1\.1: detect, all CPU time\.$/);
});

it('describeExponents reports that no quantity grows faster than linearly', () => {
  expect(describeExponents(growth(1))).toMatch(/decode 0\.00, detect 1\.00, .*; none is above 1\.1\.$/);
});

it('describeExponents prints no exponent for a quantity that is too small to measure', () => {
  expect(describeExponents(growth(1))).toContain('rest too little to tell');
});
