/**
 * What `batch` costs over a pool that is only asked page after page, and what a second worker brings.
 *
 *   npm run build && node bench/run.js scale-pages [folder] [--pages 200] [--rounds 2]
 *
 * `folder` holds pictures; the default is ../shared/data/receipts. They are read again and again until there are as many pages as
 * asked for. All is real here, the model too. First pools of one process and of one for each core, and `batch` with as many, take turns;
 * then one worker with one process, and two of them. Prints pages a second and the ratios: that of the pools is what the machine allows.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, copyFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PoolReader } from '../src/runtime/batch/work/pool-reader.js';
import { resolveHome } from '../src/runtime/config/home.js';
import { moduleOfArgument } from '../src/runtime/options/requested-modules.js';
import { availableCores } from '../src/runtime/process/cores.js';
import { stockFolderOf } from '../src/runtime/registry/package-folder.js';
import { bin, root } from './lib/ocrhub.js';
import { median } from './lib/statistics.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pages: { type: 'string', default: '200' }, rounds: { type: 'string', default: '2' } },
});
const pages = Number(values.pages);
const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-scale-'));
process.env['OCRHUB_HOME'] = path.join(folder, 'home');
const scans = path.join(folder, 'scans');
mkdirSync(scans);
copyPictures(positionals[0] ?? path.join(root, '..', 'shared', 'data', 'receipts'));

const cores = availableCores();
const rates = new Map<string, number[]>();
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    await timed('a pool of 1', () => readWithPool(1));
    await timed(`a pool of ${cores}`, () => readWithPool(cores));
    await timed(`batch with ${cores} processes`, () => readWithBatch(1, cores, round));
  }
  for (let round = 0; round < Number(values.rounds); round++) {
    await timed('1 worker with 1 process', () => readWithBatch(1, 1, round));
    await timed('2 workers with 1 process', () => readWithBatch(2, 1, round));
  }
  const rate = (what: string): number => median(rates.get(what) ?? []);
  const share = rate(`batch with ${cores} processes`) / rate(`a pool of ${cores}`);
  console.log(`batch / pool: ${share.toFixed(2)}`);
  console.log(`a pool of ${cores} / a pool of 1: ${(rate(`a pool of ${cores}`) / rate('a pool of 1')).toFixed(2)}`);
  console.log(
    `2 workers / 1 worker: ${(rate('2 workers with 1 process') / rate('1 worker with 1 process')).toFixed(2)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

function copyPictures(from: string): void {
  const pictures = readdirSync(from).filter((name) => /\.(jpe?g|png)$/i.test(name));
  if (pictures.length === 0) throw new Error(`${from} has no JPEG and no PNG`);
  for (let i = 0; i < pages; i++) {
    const name = pictures[i % pictures.length] ?? '';
    copyFileSync(path.join(from, name), path.join(scans, `${String(i).padStart(5, '0')}${path.extname(name)}`));
  }
}

/** Without a plan, leases and results. The start of the processes counts, as it does for `batch`. */
async function readWithPool(processes: number): Promise<void> {
  const reader = await PoolReader.start(resolveHome(), {
    module: await moduleOfArgument(resolveHome(), stockFolderOf('ocr_system'), []),
    startedIn: process.cwd(),
    fields: {},
    reading: {},
    processes,
    maxPixels: 64_000_000,
    timeout: 60,
    maxMemory: 1.5 * 1024 ** 3,
    note: () => undefined,
  });
  const left = readdirSync(scans);
  const client = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop())
      await reader.read({ name, bytes: readFileSync(path.join(scans, name)) }, [1], new AbortController().signal);
  };
  await Promise.all(Array.from({ length: processes + 1 }, client));
  reader.close();
}

/** The real command, each worker in a process of its own. */
async function readWithBatch(workers: number, processes: number, round: number): Promise<void> {
  const out = path.join(folder, `out-${workers}-${processes}-${round}`);
  const args = [bin, 'batch', scans, out, '--workers', String(processes)];
  const codes = Array.from({ length: workers }, async () => {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  });
  const failed = (await Promise.all(codes)).find((code) => code !== 0);
  if (failed !== undefined) throw new Error(`batch exited with ${String(failed)}`);
  const lines = readdirSync(path.join(out, 'results')).flatMap((name) =>
    readFileSync(path.join(out, 'results', name), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  if (lines.length !== pages) throw new Error(`${lines.length} lines of ${pages}`);
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  const rate = (1000 * pages) / (performance.now() - start);
  rates.set(what, [...(rates.get(what) ?? []), rate]);
  console.log(`${what.padEnd(28)}${rate.toFixed(2)} pages/s`);
}
