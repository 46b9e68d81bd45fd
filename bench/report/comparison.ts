import { describeMachine, type Machine } from './machine.js';
import { markdownTable } from './table.js';

/** The figures of one system: means a receipt, and scores over all receipts. */
export interface Measured {
  readonly name: string;
  readonly isOurs: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly detector: string;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMB: number;
  readonly wordF1: number;
  readonly lineRecall: number;
}

/** A system without figures, and why. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

export interface Comparison {
  readonly machine: Machine;
  readonly receipts: number;
  /** Receipts that each system read, repetitions included. */
  readonly readings: number;
  readonly systems: readonly Measured[];
  readonly missing: readonly Missing[];
}

/** A table of all systems with their figures, or the reason why they have none; then the ratios of rivals to ocrhub. */
export function comparisonTables(comparison: Comparison): string {
  const { machine, receipts, readings, systems, missing } = comparison;
  const versions = new Map(systems.flatMap((system) => Object.entries(system.versions)));
  return [
    `${describeMachine(machine)}; ${receipts} receipts, ${readings} readings, system after system on each.`,
    `Versions: ${[...versions].map(([name, version]) => `${name} ${version}`).join(', ')}.`,
    figures(systems, missing),
    besideRivals(systems),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function figures(systems: readonly Measured[], missing: readonly Missing[]): string {
  return markdownTable(
    ['system', "detector's size rule", 'CPU-s a receipt', 'wall s', 'peak MB', 'word F1', 'line recall'],
    [
      ...systems.map((system) => [
        system.name,
        system.detector,
        system.cpuSeconds.toFixed(2),
        system.wallSeconds.toFixed(2),
        system.peakMB.toFixed(0),
        system.wordF1.toFixed(3),
        system.lineRecall.toFixed(3),
      ]),
      ...missing.map(({ name, reason }) => [name, `not measured: ${reason}`, '–', '–', '–', '–', '–']),
    ],
  );
}

/** The CPU time of each rival divided by ocrhub's, and the differences of the scores in points. */
function besideRivals(systems: readonly Measured[]): string {
  const ours = systems.filter(({ isOurs }) => isOurs);
  const rivals = systems.filter(({ isOurs }) => !isOurs);
  if (ours.length === 0 || rivals.length === 0) return '';
  const points = (difference: number): string =>
    `${difference < 0 ? '−' : '+'}${Math.abs(difference * 100).toFixed(1)}`;
  return [
    'The CPU time of each rival over that of ocrhub, and in brackets by how many points word F1 and line recall of ocrhub are higher or lower:',
    markdownTable(
      ['rival', ...ours.map(({ name }) => name)],
      rivals.map((rival) => [
        rival.name,
        ...ours.map(
          (own) =>
            `${(rival.cpuSeconds / own.cpuSeconds).toFixed(2)}× (${points(own.wordF1 - rival.wordF1)}, ${points(own.lineRecall - rival.lineRecall)})`,
        ),
      ]),
    ),
  ].join('\n\n');
}
