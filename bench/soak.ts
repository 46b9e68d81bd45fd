/**
 * Sends many requests with pictures of mixed sizes to one server and watches the memory of its process tree; Linux only.
 *
 *   npm run build && node bench/run.js soak [--requests 2000] [--mode single|multi] [--plot docs/memory.svg]
 *
 * Exits with 1 when the mean memory over the last quarter is more than 1.2 times that over requests 50 to 150 (the
 * first 100 after warming up). --max_memory is far above what is used, so that no process is replaced.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import sharp from 'sharp';
import { drawChart } from './lib/chart.js';
import { ocrhub, predict, root, startServer, stopServer } from './lib/ocrhub.js';
import { ProcessTree } from './lib/process-tree.js';
import { mean } from './lib/statistics.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    mode: { type: 'string', default: 'single' },
    plot: { type: 'string' },
  },
});
const count = Number(values.requests);
const flags = values.mode === 'multi' ? ['--use_multiprocess', '--workers', '2'] : [];
const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-soak-'));
const samples: { readonly n: number; readonly megabytes: number }[] = [];
try {
  ocrhub(home, 'install', 'ocr_system');
  const pictures = await makePictures();
  const { pid, port, url } = startServer(
    home,
    String(await getPort()),
    'ocr_system',
    '--max_memory',
    '16GiB',
    ...flags,
  );
  try {
    const tree = new ProcessTree(pid);
    for (let n = 1; n <= count; n++) {
      // A fixed order that mixes the sizes: 7 and the number of pictures have no common factor.
      await predict(url, 'ocr_system', pictures[(n * 7) % pictures.length] ?? '');
      if (n % 10 !== 0) continue;
      const megabytes = tree.residentBytes() / 1e6;
      samples.push({ n, megabytes });
      if (n % 200 === 0) console.log(`${n} requests, ${megabytes.toFixed(0)} MB`);
    }
  } finally {
    stopServer(home, port);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
const early = meanOf(({ n }) => n > 50 && n <= 150);
const late = meanOf(({ n }) => n > count * 0.75);
console.log(
  `mode ${values.mode}, ${count} requests: ${early.toFixed(0)} MB at first, ${late.toFixed(0)} MB in the last quarter, ratio ${(late / early).toFixed(2)}`,
);
if (values.plot !== undefined) await writeFile(values.plot, drawMemory());
process.exitCode = late <= 1.2 * early ? 0 : 1;

/** The demo page in 31 sizes between 0.02 and 8 megapixels, upright and on its side, in base64. */
async function makePictures(): Promise<string[]> {
  const page = await readFile(path.join(root, 'test', 'fixtures', 'demo.jpg'));
  const pictures: string[] = [];
  for (let i = 0; i < 31; i++) {
    const width = Math.round(170 * Math.exp((i / 30) * Math.log(20)));
    const resized = sharp(page).resize({ width });
    pictures.push((await (i % 5 === 4 ? resized.rotate(90) : resized).jpeg().toBuffer()).toString('base64'));
  }
  return pictures;
}

function meanOf(isWanted: (sample: { readonly n: number }) => boolean): number {
  return mean(samples.filter(isWanted).map(({ megabytes }) => megabytes));
}

/** Memory over requests, as an SVG. */
function drawMemory(): string {
  const max = Math.round(Math.max(...samples.map(({ megabytes }) => megabytes)));
  return drawChart({
    x: {
      label: `requests of mixed sizes (ocrhub, ${values.mode})`,
      from: 0,
      to: count,
      ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(count * share)),
    },
    y: {
      label: 'MB, server and inference processes',
      from: 0,
      to: max * 1.15,
      ticks: [0, Math.round(max / 2), max],
    },
    series: [{ points: samples.map(({ n, megabytes }) => ({ x: n, y: megabytes })) }],
  });
}
