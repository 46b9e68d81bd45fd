/**
 * Memory and CPU time of the closer looks at small print, by the size of the picture: pages full of letters that the first look
 * cannot tell apart.
 *
 *   node bench/run.js small-print-memory [MEGAPIXELS]...
 *
 * Each page is searched for lines with `det_small_print` and without, in a fresh process with one thread each. Prints the boxes,
 * the CPU seconds, and the peak of the process's resident memory less its memory before the search. Linux only; pages are drawn
 * with DejaVu: apt-get install fontconfig fonts-dejavu.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { Detector } from '../src/runtime/ocr/detect/detector.js';
import { cpuSecondsSince } from './lib/cpu-time.js';
import { drawPage } from './lib/pages.js';
import { requireProc } from './lib/process-tree.js';
import { markdownTable } from './report/table.js';

interface Search {
  readonly boxes: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

const [mode, ...rest] = process.argv.slice(2);
requireProc();
if (mode === 'search') console.log(JSON.stringify(await search(rest[0] ?? '', rest[1] === 'true')));
else await compareLooks(mode === undefined ? ['4', '16', '60'] : [mode, ...rest]);

async function compareLooks(sizes: readonly string[]): Promise<void> {
  const rows: string[][] = [];
  for (const size of sizes) {
    const page = await drawPage({ lines: 3120, room: { columns: 12, rows: 260 }, megapixels: Number(size) });
    for (const isClose of [false, true]) {
      const { boxes, cpuSeconds, megabytes } = inFreshProcess(page, isClose);
      rows.push([size, isClose ? 'yes' : 'no', String(boxes), cpuSeconds.toFixed(2), megabytes.toFixed(0)]);
    }
  }
  console.log(markdownTable(['megapixels', 'closer looks', 'boxes', 'CPU-s', 'MB for the search'], rows));
}

function inFreshProcess(page: string, isClose: boolean): Search {
  const command = [process.argv[1] ?? '', 'search', page, String(isClose)];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Search;
}

async function search(page: string, isClose: boolean): Promise<Search> {
  const detector = await Detector.create({ threads: 1, det_small_print: isClose });
  const image = await decodeImage(readFileSync(page));
  const before = process.memoryUsage.rss();
  const start = process.cpuUsage();
  const boxes = await detector.detect(image);
  const cpuSeconds = cpuSecondsSince(start);
  const megabytes = (process.resourceUsage().maxRSS * 1024 - before) / 1e6;
  await detector.dispose();
  return { boxes: boxes.length, cpuSeconds, megabytes };
}
