import { chart } from '../chart.js';
import { exponent } from './exponent.js';
import { markdownTable } from './table.js';

/** What reading one page cost: medians of several fresh processes. */
export interface GrowthPoint {
  /** Lines drawn, or megapixels. */
  readonly size: number;
  readonly linesRead: number;
  /** CPU seconds of each stage; `rest` holds crops and reading order. */
  readonly stages: Readonly<Record<StageName, number>>;
  readonly wallSeconds: number;
  readonly peakMB: number;
  /** Above what the process had with its models loaded. */
  readonly grownMB: number;
}

export interface Growth {
  /** What grows: "lines" or "megapixels". */
  readonly unit: string;
  readonly points: readonly GrowthPoint[];
}

export type StageName = (typeof stageNames)[number];
export const stageNames = ['decode', 'detect', 'recognise', 'rest'] as const;

/** Worse than linear, with room for noise. */
const mostExponent = 1.1;
/** Seconds and megabytes at the largest size below which an exponent would only show noise. */
const least = { seconds: 0.02, megabytes: 10 };
const colours = { decode: '#f08c00', detect: '#2f9e44', recognise: '#1c7ed6', rest: '#ae3ec9' };

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

/** How each stage and memory grow over the three largest pages, where fixed costs weigh least. */
function exponentsOf({ points }: Growth): { readonly name: string; readonly exponent: number | undefined }[] {
  const largest = points.slice(-3);
  const grow = (name: string, valueOf: (point: GrowthPoint) => number, floor: number) => {
    const values = largest.map((point) => ({ x: point.size, y: valueOf(point) }));
    const isMeasurable = (values.at(-1)?.y ?? 0) >= floor && values.every(({ y }) => y > 0);
    return { name, exponent: isMeasurable ? exponent(values) : undefined };
  };
  return [
    ...stageNames.map((stage) => grow(stage, (point) => point.stages[stage], least.seconds)),
    grow('all CPU time', total, least.seconds),
    grow('memory for the page', ({ grownMB }) => grownMB, least.megabytes),
  ];
}

/** One sentence a series: every exponent, then those that are worse than linear. */
export function describeExponents(growth: Growth): string {
  const all = exponentsOf(growth);
  const bad = all.filter((one) => (one.exponent ?? 0) > mostExponent).map(({ name }) => name);
  const listed = all.map((one) => `${one.name} ${one.exponent?.toFixed(2) ?? 'too little to tell'}`);
  const verdict = bad.length === 0 ? `none is above ${mostExponent}` : `above ${mostExponent}: ${bad.join(', ')}`;
  return `Exponents in ${growth.unit} over the three largest: ${listed.join(', ')}; ${verdict}.`;
}

/** CPU seconds of each stage over size, both logarithmic. */
export function timePlot({ unit, points }: Growth): string {
  const longest = Math.max(...points.flatMap(({ stages }) => Object.values(stages)));
  return chart({
    x: sizeAxis(unit, points),
    y: { label: 'CPU-s', from: 0.001, to: longest * 1.5, ticks: powersOfTen(0.001, longest * 1.5), log: true },
    series: stageNames.map((stage) => ({
      name: stage,
      colour: colours[stage],
      kind: 'line and dots' as const,
      points: points.map(({ size, stages }) => ({ x: size, y: Math.max(stages[stage], 0.001) })),
    })),
  });
}

/** Peak memory over size, which alone is logarithmic. */
export function memoryPlot({ unit, points }: Growth): string {
  const most = Math.round(Math.max(...points.map(({ peakMB }) => peakMB)));
  return chart({
    x: sizeAxis(unit, points),
    y: { label: 'peak MB', from: 0, to: most * 1.15, ticks: [0, Math.round(most / 2), most] },
    series: [{ kind: 'line and dots', points: points.map(({ size, peakMB }) => ({ x: size, y: peakMB })) }],
  });
}

function total({ stages }: GrowthPoint): number {
  return stageNames.reduce((sum, stage) => sum + stages[stage], 0);
}

function sizeAxis(unit: string, points: readonly GrowthPoint[]) {
  const sizes = points.map(({ size }) => size);
  return { label: unit, from: Math.min(...sizes), to: Math.max(...sizes), ticks: sizes, log: true };
}

function powersOfTen(from: number, to: number): number[] {
  const powers = [0.001, 0.01, 0.1, 1, 10, 100, 1000];
  return powers.filter((power) => power >= from && power <= to);
}
