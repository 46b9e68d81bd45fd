import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openRun } from '../../../src/runtime/batch/plan/run.js';
import { linesOf } from '../../../src/runtime/batch/results/merge.js';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import { ocrhub, root } from '../../helpers/cli.js';
import { installOne } from './packages.js';
import type { Place, Scenario } from './scenario.js';

const pixel = path.join(root, 'test', 'fixtures', 'pixel.png');
const command = ['batch', './scans', './out', '-m', 'word', '--workers', '1'];

/** A run of this many pages has some units, and few calls that are alike. */
const pages = 8;

async function makeScans(place: Place): Promise<void> {
  await installOne(place);
  const scans = path.join(place.folder, 'scans');
  await mkdir(scans);
  for (let i = 0; i < pages; i++) await cp(pixel, path.join(scans, `${i}.png`));
}

/** A run in which one picture cannot be read. */
async function makeRunWithError(place: Place): Promise<void> {
  await makeScans(place);
  await writeFile(path.join(place.folder, 'scans', '7.png'), 'no picture');
  const { code, stderr } = await ocrhub(place.home, command, { cwd: place.folder });
  if (code !== 5) throw new Error(`batch exited with ${String(code)}\n${stderr}`);
}

/** What `batch merge` would write, without times. */
async function readings({ folder }: Place): Promise<unknown> {
  const store = new FolderStore(path.join(folder, 'out'));
  try {
    const run = await openRun(store);
    const missing: number[] = [];
    const lines: unknown[] = [];
    for await (const line of linesOf(store, run, (unit) => missing.push(unit)))
      lines.push([line.src, line.page, line.status === 'ok' ? line.result : line.error.code]);
    return missing.length === 0 && lines.length === pages ? lines : 'unfinished';
  } catch {
    return 'unfinished';
  }
}

export const batch: readonly Scenario[] = [
  { title: 'batch', args: () => command, below: ['out'], state: readings, prepare: makeScans },
  {
    title: 'batch retry',
    args: () => ['batch', 'retry', './out'],
    below: ['out'],
    // Afterwards the pages that were read are kept, and the failed one is read again.
    async state(place) {
      const read = await readings(place);
      return read === 'unfinished' ? read : 'finished';
    },
    prepare: makeRunWithError,
  },
  {
    title: 'batch merge',
    args: () => ['batch', 'merge', './out', '-o', './lines.jsonl'],
    below: ['.'],
    state: ({ folder }) => linesIn(path.join(folder, 'lines.jsonl')),
    prepare: makeFinished,
  },
];

async function makeFinished(place: Place): Promise<void> {
  await makeScans(place);
  const { code, stderr } = await ocrhub(place.home, command, { cwd: place.folder });
  if (code !== 0) throw new Error(`batch exited with ${String(code)}\n${stderr}`);
}

async function linesIn(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { src: string }).src);
}
