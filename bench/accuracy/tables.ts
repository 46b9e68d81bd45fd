import { halves, type Half } from '../lib/half.js';
import { mean } from '../lib/statistics.js';
import { describeMachine } from '../report/machine.js';
import { markdownTable } from '../report/table.js';
import { scoreSet, type SetScore } from './page-score.js';
import type { AccuracyResult, SetResult } from './result.js';

interface Figure {
  readonly name: string;
  readonly isFor: (set: SetResult) => boolean;
  readonly value: (score: SetScore & { readonly cpuSeconds: number }) => number;
  /** The best is the highest or the lowest. */
  readonly best: 'highest' | 'lowest';
}

const figures: readonly Figure[] = [
  figure(
    'word F1',
    ({ scoring }) => scoring.units === 'words',
    (score) => score.wordF1,
  ),
  figure(
    'character F1',
    ({ scoring }) => scoring.units === 'characters',
    (score) => score.characterF1,
  ),
  figure(
    'line recall',
    ({ scoring }) => scoring.lines,
    (score) => score.lineRecall,
  ),
  figure(
    '1-NED',
    ({ scoring }) => scoring.ordered,
    (score) => score.similarity,
  ),
  {
    ...figure(
      'CPU-s',
      () => true,
      (score) => score.cpuSeconds,
    ),
    best: 'lowest',
  },
];

/** The sets, the figures of both halves, and what could not be measured, as Markdown. */
export function accuracyTables(result: AccuracyResult): string {
  return [
    `${describeMachine(result.machine)}.`,
    setsTable(result),
    ...halves.map((half) => `### The half for ${half}\n\n${figuresTable(result, half)}`),
    missingTable(result),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The figures of one system on one half of a set; undefined if it read none of its pictures. */
export function scoreOf(
  set: SetResult,
  system: string,
  half?: Half,
): (SetScore & { readonly cpuSeconds: number }) | undefined {
  const own = set.pictures.filter((picture) => half === undefined || picture.half === half);
  const scores = own.flatMap(({ scores }) => scores[system] ?? []);
  if (scores.length === 0 || scores.length < own.length) return undefined;
  return { ...scoreSet(scores), cpuSeconds: mean(scores.map(({ cpuSeconds = NaN }) => cpuSeconds)) };
}

function setsTable({ sets }: AccuracyResult): string {
  return markdownTable(
    ['set', 'what is on it', 'pictures', 'from', 'license'],
    sets.map(({ name, about, pictures, origin, license }) => [name, about, String(pictures.length), origin, license]),
  );
}

function figuresTable({ sets, systems }: AccuracyResult, half: Half): string {
  const rows = sets.flatMap((set) => {
    const scores = systems.map(({ name }) => scoreOf(set, name, half));
    const count = set.pictures.filter((picture) => picture.half === half).length;
    if (count === 0) return [];
    const shown = figures.filter(({ isFor }) => isFor(set));
    return shown.map(({ name, value, best }, i) => {
      const own = scores.map((score) => (score === undefined ? NaN : value(score)));
      const known = own.filter((one) => !Number.isNaN(one));
      const isTie = known.every((one) => one === known[0]);
      const first = best === 'highest' ? Math.max(...known) : Math.min(...known);
      const cells = own.map((one) => {
        if (Number.isNaN(one)) return '–';
        const text = one.toFixed(best === 'highest' ? 3 : 2);
        return one === first && !isTie ? `**${text}**` : text;
      });
      return [i === 0 ? `${set.name}, ${count}` : '', name, ...cells];
    });
  });
  return markdownTable(['set, pictures', '', ...systems.map(({ name }) => name)], rows);
}

function missingTable({ missing }: AccuracyResult): string {
  if (missing.length === 0) return '';
  return markdownTable(
    ['not measured', 'why'],
    missing.map(({ name, reason }) => [name, reason]),
  );
}

function figure(name: string, isFor: Figure['isFor'], value: Figure['value']): Figure {
  return { name, isFor, value, best: 'highest' };
}
