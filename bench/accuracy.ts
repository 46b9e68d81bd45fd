/**
 * Accuracy and CPU time of ocrhub and its rivals on labelled pictures of many kinds.
 *
 *   npm run bench:accuracy                 brings the public sets, reads them, and writes docs/accuracy.md and .svg
 *   npm run bench:accuracy -- --sets DIR   takes them from a folder instead of the network: OWNER/NAME holds a checkout of a
 *                                          repository, and debian/ files of packages (accuracy/sets.json names all)
 *     --research                           also the sets whose licenses allow research only
 *     --pages DIR                          also the folders in DIR, each a set (lib/labelled-picture.ts says of what)
 *     --only NAME                          sets whose name begins with NAME; several may be named
 *     --systems NAME                       the system NAME, or those whose name begins so; several may be named
 *     --minutes N                          begins no set after N minutes
 *     --pictures N                         at most so many pictures of each half of a set, those with the lowest sums of their names
 *     --before DIR                         also a built checkout of an earlier version
 *     --param NAME=VALUE                   also ocrhub with this parameter; several may be named
 *     --json FILE                          writes the figures of all pictures there instead of bench/out/accuracy/accuracy.json
 *     --with FILE                          also the sets, pictures and systems of an earlier run that wrote FILE; several may be
 *                                          named, the newest first
 *     --docs                               writes the result into docs, although it is not the whole
 *     --bring                              only brings the sets, into bench/out/accuracy/sets
 *     --each SYSTEM                        prints the score of each picture as this system reads it
 *
 * Parameters are chosen on one half of each set and judged by the other (lib/half.ts). Systems run with one picture at a time, one
 * after another on each picture. Rivals are installed from PyPI and npm into bench/out/rivals; Linux, Python 3.11 or later.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FileStore } from './accuracy/file-store.js';
import { publicSets, scoringOf, type PublicSet } from './accuracy/manifest.js';
import { scorePage } from './accuracy/page-score.js';
import { prepare } from './accuracy/prepare.js';
import { ReadingSystem } from './accuracy/readings.js';
import { joined } from './accuracy/joined.js';
import type { AccuracyResult, PictureResult, SetResult } from './accuracy/result.js';
import { comparedSystems } from './accuracy/systems.js';
import { accuracyTables, scoreOf } from './accuracy/tables.js';
import { halfOf, halves, lowestOf } from './lib/half.js';
import { foldersOfPictures, labelledPictures, type LabelledPicture } from './lib/labelled-picture.js';
import { root } from './lib/ocrhub.js';
import { requireProc } from './lib/process-tree.js';
import { mean } from './lib/statistics.js';
import { accuracyPlot } from './report/accuracy-plot.js';
import type { Missing } from './report/comparison.js';
import { writePart } from './report/document.js';
import { thisMachine } from './report/machine.js';

const { values } = parseArgs({
  options: {
    sets: { type: 'string' },
    research: { type: 'boolean', default: false },
    pages: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [''] },
    systems: { type: 'string', multiple: true, default: [''] },
    pictures: { type: 'string', default: 'Infinity' },
    before: { type: 'string' },
    param: { type: 'string', multiple: true, default: [] },
    minutes: { type: 'string', default: 'Infinity' },
    json: { type: 'string' },
    with: { type: 'string', multiple: true, default: [] },
    docs: { type: 'boolean', default: false },
    bring: { type: 'boolean', default: false },
    each: { type: 'string' },
  },
});
requireProc();
const missing: Missing[] = [];
const sets = await bringSets();
if (sets.length === 0 && values.with.length === 0)
  stop(`No set can be read. ${missing.map(({ name, reason }) => `${name}: ${reason}`).join('\n')}`);
if (!values.bring) {
  const result = joined(thisMachine(), [await readSets(sets), ...values.with.map(earlierResult)]);
  console.log(`\n${accuracyTables(result)}`);
  if (values.each !== undefined) printEach(result, values.each);
  await report(result);
}

type BroughtSet = Omit<SetResult, 'pictures'> & { readonly folder: string };

async function bringSets(): Promise<BroughtSet[]> {
  const isWanted = (name: string): boolean => values.only.some((start) => name.startsWith(start));
  const files = new FileStore(values.sets);
  const brought: BroughtSet[] = [];
  for (const set of publicSets().filter(({ name }) => isWanted(name))) {
    if (set.use === 'research' && !values.research) {
      missing.push({ name: set.name, reason: `${set.license}; --research brings it` });
      continue;
    }
    try {
      console.error(`bringing ${set.name} ...`);
      brought.push({ ...set, origin: originOf(set), folder: await prepare(set, files) });
    } catch (error) {
      noteMissing(set.name, error);
    }
  }
  for (const [name, folder] of values.pages.flatMap((pages) => [...foldersOfPictures(pages)])) {
    if (!isWanted(name)) continue;
    const labels = labelledPictures(folder).flatMap((picture) => picture.labels.map(({ text }) => text));
    const scoring = scoringOf(name, labels);
    brought.push({ name, about: '', license: '', origin: `folder ${path.basename(folder)}`, scoring, folder });
  }
  return brought;
}

function originOf({ origin }: PublicSet): string {
  if (origin.kind === 'github') return `${origin.repository} at ${origin.commit.slice(0, 10)}`;
  return `Debian: ${Object.values(origin.packages)
    .map(({ file }) => path.basename(file, '_all.deb').replace('_', ' '))
    .join(', ')}`;
}

async function readSets(brought: readonly BroughtSet[]): Promise<AccuracyResult> {
  const all = comparedSystems(values.before, values.param);
  const isWanted = (name: string): boolean =>
    values.systems.some((asked) =>
      all.some((system) => system.name === asked) ? name === asked : name.startsWith(asked),
    );
  const wanted = all.filter(({ name }) => isWanted(name));
  const warmUp = path.join(root, 'models', 'self-check.png');
  const running = wanted.map((system) => new ReadingSystem(system, warmUp));
  try {
    const results: SetResult[] = [];
    const end = performance.now() + Number(values.minutes) * 60_000;
    for (const { folder, ...set } of brought) {
      if (performance.now() > end) {
        missing.push({ name: set.name, reason: `not begun after ${values.minutes} minutes` });
        continue;
      }
      const pictures: PictureResult[] = [];
      for (const [turn, { name, file, labels }] of chosenPictures(folder).entries()) {
        const scores: Record<string, PictureResult['scores'][string]> = {};
        // The first system changes, so that no system always follows the same one.
        const first = turn % Math.max(1, running.length);
        for (const one of [...running.slice(first), ...running.slice(0, first)]) {
          try {
            const reading = await one.read(file);
            scores[one.system.name] = { ...scorePage(reading, labels), cpuSeconds: reading.cpuSeconds };
          } catch (error) {
            noteMissing(one.system.name, error);
            await one.stop();
            running.splice(running.indexOf(one), 1);
          }
        }
        pictures.push({ name, half: halfOf(name), scores });
      }
      console.error(`${set.name}: ${pictures.length} pictures`);
      results.push({ ...set, pictures });
    }
    return { machine: thisMachine(), systems: wanted, sets: results, missing };
  } finally {
    for (const one of running) await one.stop();
  }
}

function chosenPictures(folder: string): LabelledPicture[] {
  const all = labelledPictures(folder);
  const chosen = new Set(halves.flatMap((half) => lowestOf(all, half, Number(values.pictures))));
  return all.filter((picture) => chosen.has(picture));
}

function earlierResult(file: string): AccuracyResult {
  return JSON.parse(readFileSync(file, 'utf8')) as AccuracyResult;
}

function printEach({ sets: results }: AccuracyResult, system: string): void {
  for (const set of results) {
    for (const { name, half, scores } of set.pictures) {
      const own = scoreOf({ ...set, pictures: [{ name, half, scores }] }, system);
      if (own === undefined) continue;
      const figures = [own.wordF1, own.characterF1, own.lineRecall, own.similarity].map((one) => one.toFixed(3));
      console.log([set.name, name, half, ...figures, own.cpuSeconds.toFixed(2)].join('\t'));
    }
  }
}

async function report(result: AccuracyResult): Promise<void> {
  const isWhole =
    values.docs || (values.only.includes('') && values.systems.includes('') && values.pictures === 'Infinity');
  const out = path.join(root, 'bench', 'out', 'accuracy');
  const folder = isWhole ? path.join(root, 'docs') : out;
  mkdirSync(out, { recursive: true });
  const json = values.json ?? path.join(out, 'accuracy.json');
  writeFileSync(json, JSON.stringify(result));
  writeFileSync(path.join(folder, 'accuracy.svg'), accuracyPlot(overAll(result), 'picture, mean of the sets'));
  if (isWhole) await writePart(path.join(folder, 'accuracy.md'), 'accuracy', accuracyTables(result));
  console.log(
    `\nWritten: ${path.relative(root, json)}, ${path.relative(root, folder)}/accuracy.${isWhole ? '{md,svg}' : 'svg'}`,
  );
}

/** The means over the sets, of each system that read all of them in one run. */
function overAll({ systems, sets: results }: AccuracyResult) {
  return systems.flatMap(({ name, isOurs }) => {
    const scores = results.map((set) => ({ set, score: scoreOf(set, name) }));
    const known = scores.flatMap(({ set, score }) => (score === undefined ? [] : [{ set, score }]));
    if (known.length < results.length) return [];
    const wordF1 = mean(
      known.map(({ set, score }) => (set.scoring.units === 'words' ? score.wordF1 : score.characterF1)),
    );
    const lineRecall = mean(known.flatMap(({ set, score }) => (set.scoring.lines ? [score.lineRecall] : [])));
    const cpuSeconds = mean(known.map(({ score }) => score.cpuSeconds));
    return Number.isNaN(cpuSeconds) ? [] : [{ name, isOurs, cpuSeconds, wordF1, lineRecall }];
  });
}

function noteMissing(name: string, error: unknown): void {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
  missing.push({ name, reason });
  console.error(`${name}: ${reason}`);
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}
