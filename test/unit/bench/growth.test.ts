import { expect, it } from 'vitest';
import { describeExponents, type Growth } from '../../../bench/report/growth.js';

/** Detection grows by the power, recognition linearly, the rest stays at nothing. */
function growth(power: number): Growth {
  return {
    unit: 'lines',
    points: [1, 10, 100].map((size) => ({
      size,
      linesRead: size,
      stages: { decode: 0.5, detect: size ** power / 10, recognise: size / 10, rest: 0.001 },
      wallSeconds: size,
      peakMB: 200 + size,
      grownMB: size,
    })),
  };
}

it('names what grows worse than linearly', () => {
  expect(describeExponents(growth(2))).toMatch(/detect 2\.00, recognise 1\.00, .* above 1\.1: detect, all CPU time\.$/);
});

it('says that nothing does', () => {
  expect(describeExponents(growth(1))).toMatch(/decode 0\.00, detect 1\.00, .*; none is above 1\.1\.$/);
});

it('gives no exponent of what takes next to no time', () => {
  expect(describeExponents(growth(1))).toContain('rest too little to tell');
});
