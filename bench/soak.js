// Sends many requests of mixed sizes to one server and watches the memory of its process tree.
//
//   npm run build && node bench/soak.js [--requests 2000] [--mode single|multi] [--plot docs/memory.svg]
//
// Exits with 1 when the mean memory over the last quarter is more than 1.2 times that over requests 50 to 150 (the
// first 100 after warming up). Recycling of processes is switched off (--max_memory is far above what is used).
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pidusage from 'pidusage';
import sharp from 'sharp';
import { chart } from './chart.js';
import { ocrhub, root } from './harness.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    mode: { type: 'string', default: 'single' },
    plot: { type: 'string' },
  },
});
const count = Number(values.requests);
const port = 8800 + (process.pid % 100);
const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-soak-'));
const samples = [];
try {
  ocrhub(home, 'install', 'ocr_system');
  const flags = values.mode === 'multi' ? ['--use_multiprocess', '--workers', '2'] : [];
  ocrhub(home, 'serving', 'start', '-m', 'ocr_system', '-p', String(port), '--max_memory', '16GiB', ...flags);
  const pictures = await makePictures();
  for (let n = 1; n <= count; n++) {
    // A fixed order that mixes the sizes: 7 and the number of pictures have no common factor.
    const image = pictures[(n * 7) % pictures.length];
    const response = await fetch(`http://127.0.0.1:${port}/predict/ocr_system`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ images: [image] }),
    });
    if (response.status !== 200) throw new Error(`request ${n}: ${await response.text()}`);
    await response.arrayBuffer();
    if (n % 10 === 0) samples.push({ n, megabytes: (await treeMemory()) / 1e6 });
    if (n % 200 === 0) console.log(`${n} requests, ${samples.at(-1).megabytes.toFixed(0)} MB`);
  }
} finally {
  ocrhub(home, 'serving', 'stop', '-p', String(port));
  await rm(home, { recursive: true, force: true });
}
const early = mean(samples.filter(({ n }) => n > 50 && n <= 150));
const late = mean(samples.filter(({ n }) => n > count * 0.75));
console.log(
  `mode ${values.mode}, ${count} requests: ${early.toFixed(0)} MB at first, ${late.toFixed(0)} MB in the last quarter, ratio ${(late / early).toFixed(2)}`,
);
if (values.plot !== undefined) await writeFile(values.plot, plot());
process.exitCode = late <= 1.2 * early ? 0 : 1;

/** The demo page at 30 sizes between 0.02 and 8 megapixels, upright and on its side. */
async function makePictures() {
  const page = await readFile(path.join(root, 'test', 'fixtures', 'demo.jpg'));
  const pictures = [];
  for (let i = 0; i < 31; i++) {
    const width = Math.round(170 * Math.exp((i / 30) * Math.log(20)));
    const resized = sharp(page).resize({ width });
    pictures.push((await (i % 5 === 4 ? resized.rotate(90) : resized).jpeg().toBuffer()).toString('base64'));
  }
  return pictures;
}

/** Bytes of the server and its inference processes, whichever they are now. */
async function treeMemory() {
  const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
  const pids = [health.pid, ...health.processes.map(({ pid }) => pid)];
  const usage = await Promise.all(pids.map((pid) => pidusage(pid)));
  return usage.reduce((sum, { memory }) => sum + memory, 0);
}

function mean(list) {
  return list.reduce((sum, { megabytes }) => sum + megabytes, 0) / list.length;
}

/** Memory over requests, as an SVG. */
function plot() {
  const most = Math.round(Math.max(...samples.map(({ megabytes }) => megabytes)));
  return chart({
    x: {
      label: `requests of mixed sizes (ocrhub, ${values.mode})`,
      from: 0,
      to: count,
      ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(count * share)),
    },
    y: {
      label: 'MB, server and inference processes',
      from: 0,
      to: most * 1.15,
      ticks: [0, Math.round(most / 2), most],
    },
    series: [{ points: samples.map(({ n, megabytes }) => ({ x: n, y: megabytes })) }],
  });
}
