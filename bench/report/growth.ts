import { drawChart } from '../lib/chart.js';
import { sum } from '../lib/statistics.js';
import { exponent } from './exponent.js';
import { markdownTable } from './table.js';

/** The costs of reading one page: medians of several fresh processes. */
export interface GrowthPoint {
  /** Lines drawn, or megapixels. */
  readonly size: number;
  readonly linesRead: number;
  /** CPU seconds of each stage; `rest` holds crops and reading order. */
  readonly stages: Readonly<Record<StageName, number>>;
  readonly wallSeconds: number;
  readonly peakMB: number;
  /** Peak memory less the memory after loading the models. */
  readonly grownMB: number;
}

export interface Growth {
  /** The quantity that grows: "lines" or "megapixels". */
  readonly unit: string;
  readonly points: readonly GrowthPoint[];
}

export type StageName = (typeof stageNames)[number];
export const stageNames = ['decode', 'detect', 'recognize', 'rest'] as const;

/** Exponents above this are reported as worse than linear; 1 plus room for noise. */
const maxExponent = 1.1;
/** If the value at the largest size is below these, an exponent would show noise only. */
const minimum = { seconds: 0.02, megabytes: 10 };
const colors = { decode: '#f08c00', detect: '#2f9e44', recognize: '#1c7ed6', rest: '#ae3ec9' };

export function growthTable({ unit, points }: Growth): string {
  return markdownTable(
    [unit, 'lines read', 'CPU-s', ...stageNames, 'wall s', 'peak MB', 'of them for the page'],
    points.map((point) => [
      String(point.size),
      String(point.linesRead),
      total(point).toFixed(2),
      ...stageNames.map((stage) => point.stages[stage].toFixed(3)),
      point.wallSeconds.toFixed(2),
      point.peakMB.toFixed(0),
      point.grownMB.toFixed(0),
    ]),
  );
}

/** Exponents of each stage and of memory over the three largest pages, where fixed costs weigh least. */
function exponentsOf({ points }: Growth): { readonly name: string; readonly exponent: number | undefined }[] {
  const largest = points.slice(-3);
  const grow = (name: string, valueOf: (point: GrowthPoint) => number, floor: number) => {
    const values = largest.map((point) => ({ x: point.size, y: valueOf(point) }));
    const isMeasurable = (values.at(-1)?.y ?? 0) >= floor && values.every(({ y }) => y > 0);
    return { name, exponent: isMeasurable ? exponent(values) : undefined };
  };
  return [
    ...stageNames.map((stage) => grow(stage, (point) => point.stages[stage], minimum.seconds)),
    grow('all CPU time', total, minimum.seconds),
    grow('memory for the page', ({ grownMB }) => grownMB, minimum.megabytes),
  ];
}

/** One sentence with every exponent and those that are worse than linear. */
export function describeExponents(growth: Growth): string {
  const all = exponentsOf(growth);
  const bad = all.filter((one) => (one.exponent ?? 0) > maxExponent).map(({ name }) => name);
  const listed = all.map((one) => `${one.name} ${one.exponent?.toFixed(2) ?? 'too little to tell'}`);
  const verdict = bad.length === 0 ? `none is above ${maxExponent}` : `above ${maxExponent}: ${bad.join(', ')}`;
  return `Exponents in ${growth.unit} over the three largest: ${listed.join(', ')}; ${verdict}.`;
}

/** CPU seconds of each stage over size, both logarithmic. */
export function timePlot({ unit, points }: Growth): string {
  const longest = Math.max(...points.flatMap(({ stages }) => Object.values(stages)));
  return drawChart({
    x: sizeAxis(unit, points),
    y: { label: 'CPU-s', from: 0.001, to: longest * 1.5, ticks: powersOfTen(0.001, longest * 1.5), log: true },
    series: stageNames.map((stage) => ({
      name: stage,
      color: colors[stage],
      kind: 'line and dots' as const,
      points: points.map(({ size, stages }) => ({ x: size, y: Math.max(stages[stage], 0.001) })),
    })),
  });
}

/** Peak memory over size, which alone is logarithmic. */
export function memoryPlot({ unit, points }: Growth): string {
  const max = Math.round(Math.max(...points.map(({ peakMB }) => peakMB)));
  return drawChart({
    x: sizeAxis(unit, points),
    y: { label: 'peak MB', from: 0, to: max * 1.15, ticks: [0, Math.round(max / 2), max] },
    series: [{ kind: 'line and dots', points: points.map(({ size, peakMB }) => ({ x: size, y: peakMB })) }],
  });
}

function total({ stages }: GrowthPoint): number {
  return sum(stageNames.map((stage) => stages[stage]));
}

function sizeAxis(unit: string, points: readonly GrowthPoint[]) {
  const sizes = points.map(({ size }) => size);
  return { label: unit, from: Math.min(...sizes), to: Math.max(...sizes), ticks: sizes, log: true };
}

function powersOfTen(from: number, to: number): number[] {
  const powers = [0.001, 0.01, 0.1, 1, 10, 100, 1000];
  return powers.filter((power) => power >= from && power <= to);
}
