/**
 * Compares ocrhub with its rivals: CPU time, memory and accuracy on labelled receipts. Each system runs in a process of its
 * own, and the systems take turns at each receipt.
 *
 *   npm run bench                    everything; rewrites docs/performance.md, .json and .svg
 *   npm run bench -- --quick         every third receipt, in about three minutes
 *     --only NAME,NAME               systems of these names, or whose names begin so
 *     --beside CHECKOUT              also the default of another checkout, in which `npm run bench` has been run or built
 *     --without vnni|amx             as on a processor that has at most AVX2, or no AMX (lib/hide-features.ts)
 *     --receipts FOLDER              NAME.jpg with NAME.csv (lib/score.ts says what is in it)
 *     --rounds N                     how often each receipt is read (1)
 *     --minutes N                    stops after the receipt during which N minutes have passed
 *     --json FILE                    also writes the figures to this file
 *
 * Rivals are installed from PyPI and npm into bench/out/rivals; Linux, Python 3.11 or later. The table gives the reason for
 * each system that could not be measured. Any run but a whole one writes its report into bench/out instead of docs.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hideable, hideFeatures } from './lib/hide-features.js';
import { root } from './lib/ocrhub.js';
import { accuracyPlot } from './report/accuracy-plot.js';
import { comparisonTables, type Comparison, type Missing } from './report/comparison.js';
import { writeFormatted, writePart } from './report/document.js';
import { thisMachine } from './report/machine.js';
import { requireProc } from './lib/process-tree.js';
import { MeasuredSystem } from './systems/measured-system.js';
import { otherCheckout, ours } from './systems/ours.js';
import { rivals } from './systems/rivals.js';
import type { System } from './systems/system.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    beside: { type: 'string' },
    without: { type: 'string' },
    receipts: { type: 'string' },
    rounds: { type: 'string', default: '1' },
    minutes: { type: 'string', default: 'Infinity' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const receipts = findReceipts(path.resolve(values.receipts ?? path.join(root, '..', 'shared', 'data', 'receipts')));
const beside = values.beside === undefined ? [] : [otherCheckout(path.resolve(values.beside))];
const systems = [...beside, ...values.only.split(',').flatMap(systemsNamed)];
if (systems.length === 0) stop(`No system's name begins with "${values.only}".`);
if (!Number.isInteger(rounds) || rounds < 1) stop('--rounds is a whole number from 1 on.');
requireProc();
const without = hideable.find((features) => features === values.without);
if (without !== undefined) hideFeatures(without);
else if (values.without !== undefined) stop(`--without is one of: ${hideable.join(', ')}.`);

const comparison = await compare(systems);
console.log(`\n${comparisonTables(comparison)}`);
if (comparison.systems.length === 0) stop('Nothing could be measured.');
await report(comparison);

async function compare(wanted: readonly System[]): Promise<Comparison> {
  const missing: Missing[] = [];
  const running: MeasuredSystem[] = [];
  const noteMissing = (name: string, error: unknown): void => {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    missing.push({ name, reason });
    console.error(`${name}: ${reason}`);
  };
  try {
    for (const system of wanted) {
      try {
        running.push(await MeasuredSystem.start(system, receipts[0] ?? ''));
      } catch (error) {
        noteMissing(system.name, error);
      }
    }
    const end = performance.now() + Number(values.minutes) * 60_000;
    let turn = 0;
    for (; turn < rounds * receipts.length && running.length > 0 && performance.now() < end; turn++) {
      const receipt = receipts[turn % receipts.length] ?? '';
      // The first system changes, so that no system always follows the same one.
      const first = (turn + Math.floor(turn / receipts.length)) % running.length;
      for (const system of [...running.slice(first), ...running.slice(0, first)]) {
        try {
          await system.read(receipt, labelsOf(receipt));
        } catch (error) {
          noteMissing(system.system.name, error);
          system.stop();
          running.splice(running.indexOf(system), 1);
        }
      }
      console.error(`${turn + 1} of ${rounds * receipts.length}`);
    }
    const systems = running.map((system) => system.result());
    return { machine: thisMachine(), receipts: Math.min(turn, receipts.length), readings: turn, systems, missing };
  } finally {
    for (const system of running) system.stop();
  }
}

async function report(result: Comparison): Promise<void> {
  const json = `${JSON.stringify(result, null, 2)}\n`;
  if (values.json !== undefined) await writeFile(values.json, json);
  const isWhole =
    !values.quick &&
    values.only === '' &&
    values.beside === undefined &&
    values.without === undefined &&
    values.receipts === undefined &&
    result.readings === rounds * receipts.length;
  const folder = path.join(root, ...(isWhole ? ['docs'] : ['bench', 'out']));
  mkdirSync(folder, { recursive: true });
  await writeFormatted(path.join(folder, 'performance.json'), json);
  await writeFile(path.join(folder, 'performance.svg'), accuracyPlot(result.systems, 'receipt'));
  if (isWhole) await writePart(path.join(folder, 'performance.md'), 'comparison', comparisonTables(result));
  console.log(`\nWritten: ${path.relative(root, folder)}/performance.${isWhole ? '{md,json,svg}' : '{json,svg}'}`);
}

/** The system of that name, or all whose names begin with it. */
function systemsNamed(name: string): readonly System[] {
  const known = [...ours, ...rivals];
  const named = known.filter((system) => system.name === name);
  return named.length > 0 ? named : known.filter((system) => system.name.startsWith(name));
}

function findReceipts(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jpg')) : [];
  const all = names.sort().map((name) => path.join(folder, name));
  if (all.length === 0) {
    stop(
      `There are no receipts in ${folder}. --receipts FOLDER names a folder of NAME.jpg with NAME.csv, as in the data of ICDAR 2019 SROIE.`,
    );
  }
  const unlabelled = all.filter((file) => !existsSync(labelsOf(file)));
  if (unlabelled.length > 0) stop(`Without labels beside it: ${unlabelled.join(', ')}`);
  return values.quick ? all.filter((_, i) => i % 3 === 0) : all;
}

function labelsOf(receipt: string): string {
  return receipt.replace(/\.jpg$/, '.csv');
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}
