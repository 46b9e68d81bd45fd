import { expect, it } from 'vitest';
import { comparisonTables, type Comparison } from '../../../bench/report/comparison.js';

const machine = {
  date: '2026-01-02',
  cores: 2,
  cpu: 'some CPU',
  vectors: 'AVX2',
  memoryGB: 8,
  system: 'Linux',
  node: '20.20.2',
};
const common = { versions: {}, detector: 'max 960', wallSeconds: 1, peakMB: 500 };
const comparison: Comparison = {
  machine,
  receipts: 25,
  readings: 25,
  systems: [
    { ...common, name: 'ours', isOurs: true, cpuSeconds: 0.8, wordF1: 0.901, lineRecall: 0.84 },
    { ...common, name: 'theirs', isOurs: false, cpuSeconds: 2, wordF1: 0.9, lineRecall: 0.855 },
  ],
  missing: [{ name: 'absent', reason: 'python3 is not on the PATH' }],
};

it('comparisonTables prints the ratio of CPU time and the difference in points', () => {
  expect(comparisonTables(comparison)).toMatch(/\| theirs +\| 2\.50× \(\+0\.1, −1\.5\) +\|/);
});

it('comparisonTables names a system that was not measured, with the reason', () => {
  expect(comparisonTables(comparison)).toMatch(/\| absent +\| not measured: python3 is not on the PATH +\| – /);
});

it('comparisonTables prints no ratios without a rival', () => {
  const alone = comparisonTables({ ...comparison, systems: comparison.systems.slice(0, 1) });
  expect(alone).not.toContain('×');
});
