/**
 * How time and memory grow with the lines of a page and with its pixels. Each reading of a page has a fresh process with one
 * thread; pages take turns.
 *
 *   npm run bench:grow                     rewrites its part of docs/performance.md, and docs/growth-*.svg
 *     -- --repeats N                       processes a page (3); the figures are medians
 *     -- --json FILE                       also writes the figures to this file
 *
 * Exits with 1 when not all lines of a page were read.
 *
 * Pages are drawn with a font of this machine: apt-get install fontconfig fonts-dejavu.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/ocrhub.js';
import { drawPage, type Page } from './lib/pages.js';
import { requireProc } from './lib/process-tree.js';
import { median } from './lib/statistics.js';
import { writePart } from './report/document.js';
import {
  describeExponents,
  growthTable,
  memoryPlot,
  stageNames,
  timePlot,
  type Growth,
  type GrowthPoint,
  type StageName,
} from './report/growth.js';
import { describeMachine, thisMachine } from './report/machine.js';
import { ocrhubCommand } from './systems/ours.js';
import { SystemProcess } from './systems/system-process.js';

const { values } = parseArgs({ options: { repeats: { type: 'string', default: '3' }, json: { type: 'string' } } });
requireProc();

const series: readonly Plan[] = [
  {
    unit: 'lines',
    // 12 megapixels; with this limit the detector still separates 800 lines.
    params: { det_limit_side_len: 1920 },
    pages: [1, 10, 50, 200, 800].map((lines) => ({
      size: lines,
      page: { lines, room: { columns: 8, rows: 100 }, megapixels: 12 },
    })),
  },
  {
    unit: 'megapixels',
    params: {},
    pages: [0.3, 1, 5, 20, 60].map((megapixels) => ({
      size: megapixels,
      page: { lines: 50, room: { columns: 2, rows: 25 }, megapixels },
    })),
  },
];

const pages: Drawn[] = [];
for (const plan of series) {
  for (const { size, page } of plan.pages)
    pages.push({ plan, size, lines: page.lines, file: await drawPage(page), readings: [] });
}
for (let repeat = 1; repeat <= Number(values.repeats); repeat++) {
  for (const page of pages) page.readings.push(await readOnce(page));
  console.error(`${repeat} of ${values.repeats}`);
}
const machine = thisMachine();
const grown: Growth[] = series.map((plan) => ({
  unit: plan.unit,
  points: pages.filter((page) => page.plan === plan).map(medianOf),
}));
const sections = grown.map((growth) => `${growthTable(growth)}\n\n${describeExponents(growth)}`);
const text = [`${describeMachine(machine)}; medians of ${values.repeats}.`, ...sections].join('\n\n');
console.log(text);
for (const growth of grown) {
  await writeFile(path.join(root, 'docs', `growth-${growth.unit}.svg`), timePlot(growth));
  await writeFile(path.join(root, 'docs', `growth-${growth.unit}-memory.svg`), memoryPlot(growth));
}
await writePart(path.join(root, 'docs', 'performance.md'), 'growth', text);
for (const page of pages) {
  const { linesRead } = medianOf(page);
  if (linesRead >= page.lines) continue;
  console.error(`${path.basename(page.file)}: ${linesRead} of ${page.lines} lines were read`);
  process.exitCode = 1;
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ machine, grown }, null, 2)}\n`);

interface Plan {
  readonly unit: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly pages: readonly { readonly size: number; readonly page: Page }[];
}

interface Drawn {
  readonly plan: Plan;
  readonly size: number;
  readonly lines: number;
  readonly file: string;
  readonly readings: Omit<GrowthPoint, 'size'>[];
}

async function readOnce({ plan, file }: Drawn): Promise<Omit<GrowthPoint, 'size'>> {
  const process = await SystemProcess.start(ocrhubCommand({ params: plan.params, threads: 1 }, 'ocrhub-stages'));
  try {
    const loaded = process.peakBytes();
    const { texts, wallSeconds, answer } = await process.read(file);
    const peak = process.peakBytes();
    const stages = answer['stages'] as Record<StageName, number>;
    return { linesRead: texts.length, stages, wallSeconds, peakMB: peak / 1e6, grownMB: (peak - loaded) / 1e6 };
  } finally {
    process.stop();
  }
}

function medianOf({ size, readings }: Drawn): GrowthPoint {
  const of = (valueOf: (reading: Omit<GrowthPoint, 'size'>) => number): number => median(readings.map(valueOf));
  return {
    size,
    linesRead: of(({ linesRead }) => linesRead),
    stages: Object.fromEntries(stageNames.map((stage) => [stage, of(({ stages }) => stages[stage])])) as Record<
      StageName,
      number
    >,
    wallSeconds: of(({ wallSeconds }) => wallSeconds),
    peakMB: of(({ peakMB }) => peakMB),
    grownMB: of(({ grownMB }) => grownMB),
  };
}
