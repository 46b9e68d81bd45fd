// Drives servers with concurrent clients that send receipts, and prints what they got.
//
//   npm run build && node bench/load.js [folder of pictures]
//     --clients 1,4,16,64      numbers of concurrent clients
//     --modes single,multi-1,multi-2
//     --seconds 20             least length of one measurement
//     --answers 3              it goes on until each client has had so many answers
//     --max_seconds 600        and ends here at the latest
//     --rounds 1               how often each is measured; modes take turns within a round
//     --rapidocr COMMAND       also RapidOCR's HTTP server, which COMMAND starts on the port it is given as "-p PORT"
//     --json FILE              writes the rows there as well
//
// CPU and memory are those of the whole process tree, by pidusage. Latencies are those of answered requests; requests/s
// are those answered, over the time to the last answer. "rest MB" is what the tree holds when all work is done, process
// by process; "once MB" counts a file that several of them have mapped (node itself, the engine) once; Linux only.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import getPort from 'get-port';
import pidusage from 'pidusage';
import { ocrhub, root } from './harness.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clients: { type: 'string', default: '1,4,16,64' },
    modes: { type: 'string', default: 'single,multi-1,multi-2' },
    seconds: { type: 'string', default: '20' },
    answers: { type: 'string', default: '3' },
    max_seconds: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '1' },
    rapidocr: { type: 'string' },
    json: { type: 'string' },
  },
});
const modes = {
  single: [],
  'multi-1': ['--use_multiprocess', '--workers', '1'],
  'multi-2': ['--use_multiprocess', '--workers', '2'],
};

const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-load-'));
const pictures = await readPictures(
  path.resolve(positionals[0] ?? path.join(root, '..', 'shared', 'data', 'receipts')),
);
const systems = [];
const rows = [];
try {
  ocrhub(home, 'install', 'ocr_system');
  for (const mode of values.modes.split(',')) systems.push(await startOurs(mode));
  if (values.rapidocr !== undefined) systems.push(await startRapidOcr(values.rapidocr));
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const clients of values.clients.split(',').map(Number)) {
      for (const system of systems) {
        const row = await measure(system, clients);
        await untilIdle(system);
        rows.push({ round, ...row, ...(await memoryAtRest(system)) });
      }
    }
  }
} finally {
  for (const system of systems) system.stop();
  await rm(home, { recursive: true, force: true });
}
console.table(rows);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);

async function measure(system, clients) {
  const pids = await processTree(system.pid);
  const before = await cpuSeconds(pids);
  let peak = 0;
  const sampler = setInterval(() => void memory(pids).then((bytes) => (peak = Math.max(peak, bytes))), 500);
  const times = [];
  const perClient = new Map();
  const start = performance.now();
  let last = start;
  const run = autocannon({
    url: system.url,
    connections: clients,
    duration: Number(values.max_seconds),
    timeout: Number(values.max_seconds),
    requests: system.requests,
    // Each client begins with another picture.
    setupClient: (client) =>
      client.setRequests(rotate(system.requests, Math.floor(Math.random() * system.requests.length))),
  });
  run.on('response', (client, status, _bytes, ms) => {
    if (status !== 200) return;
    last = performance.now();
    times.push(ms);
    perClient.set(client, (perClient.get(client) ?? 0) + 1);
  });
  const enough = () =>
    performance.now() - start > Number(values.seconds) * 1000 &&
    perClient.size === clients &&
    Math.min(...perClient.values()) >= Number(values.answers);
  const watch = setInterval(() => enough() && run.stop(), 100);
  const result = await run;
  clearInterval(watch);
  clearInterval(sampler);
  const cpu = (await cpuSeconds(pids)) - before;
  const answered = times.length;
  times.sort((a, b) => a - b);
  const least = perClient.size < clients ? 0 : Math.min(...perClient.values());
  return {
    system: system.name,
    clients,
    'requests/s': answered === 0 ? 0 : round(answered / ((last - start) / 1000), 2),
    'p50 ms': percentile(times, 0.5),
    'p95 ms': percentile(times, 0.95),
    'p99 ms': percentile(times, 0.99),
    answered,
    'least of a client': least,
    note: least >= Number(values.answers) ? '' : `not ${values.answers} answers a client in ${values.max_seconds} s`,
    errors: JSON.stringify({ ...statusCounts(result), ...(result.errors > 0 ? { connection: result.errors } : {}) }),
    'CPU-s/request': answered === 0 ? null : round(cpu / answered, 2),
    'peak MB': round(peak / 1e6, 0),
  };
}

async function memoryAtRest(system) {
  // V8 tidies up for a while after work.
  await sleep(10_000);
  const pids = await processTree(system.pid);
  return { 'rest MB': round((await memory(pids)) / 1e6, 0), 'once MB': round((await countedOnce(pids)) / 1e6, 0) };
}

/** Bytes that are some process's own, and the most that one of them shares with others. NaN where the system does not say. */
async function countedOnce(pids) {
  const rollups = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')));
  const kilobytes = (rollup, name) =>
    [...rollup.matchAll(new RegExp(`^${name}_\\w+:\\s+(\\d+) kB`, 'gm'))].reduce((sum, [, kb]) => sum + Number(kb), 0);
  if (rollups.some((rollup) => rollup === '')) return NaN;
  const own = rollups.reduce((sum, rollup) => sum + kilobytes(rollup, 'Private'), 0);
  return 1024 * (own + Math.max(...rollups.map((rollup) => kilobytes(rollup, 'Shared'))));
}

/** What its clients have left behind is not to slow the next one down. */
async function untilIdle(system) {
  const pids = await processTree(system.pid);
  for (let i = 0; i < 120; i++) {
    const before = await cpuSeconds(pids);
    await sleep(1000);
    if ((await cpuSeconds(pids)) - before < 0.1) return;
  }
}

function statusCounts(result) {
  return Object.fromEntries(
    Object.entries(result.statusCodeStats ?? {})
      .filter(([status]) => status !== '200')
      .map(([status, { count }]) => [status, count]),
  );
}

async function startOurs(mode) {
  const port = await getPort();
  const { pid } = JSON.parse(
    ocrhub(home, 'serving', 'start', '-m', 'ocr_system', '-p', String(port), ...modes[mode], '--json'),
  );
  const requests = pictures.map((picture) => ({
    method: 'POST',
    path: '/predict/ocr_system',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ images: [picture.toString('base64')] }),
  }));
  const stop = () => ocrhub(home, 'serving', 'stop', '-p', String(port));
  return { name: `ocrhub ${mode}`, url: `http://127.0.0.1:${port}`, pid, requests, stop };
}

async function startRapidOcr(command) {
  const port = await getPort();
  const [program, ...args] = command.split(' ');
  const child = spawn(program, [...args, '-ip', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (
    let i = 0;
    i < 120 &&
    !(await fetch(url).then(
      () => true,
      () => false,
    ));
    i++
  )
    await sleep(500);
  const requests = await Promise.all(
    pictures.map(async (picture) => {
      const form = new FormData();
      form.append('image_file', new Blob([picture], { type: 'image/jpeg' }), 'page.jpg');
      const encoded = new Response(form);
      const headers = { 'Content-Type': encoded.headers.get('content-type') };
      return { method: 'POST', path: '/ocr', headers, body: Buffer.from(await encoded.arrayBuffer()) };
    }),
  );
  return { name: 'rapidocr_api', url, pid: child.pid, requests, stop: () => child.kill('SIGKILL') };
}

/** A process and everything it started. */
async function processTree(pid) {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [pid];
  for (const parent of tree) tree.push(...pairs.filter(([, ppid]) => ppid === parent).map(([child]) => child));
  return tree;
}

async function memory(pids) {
  const usage = await Promise.all(pids.map((pid) => pidusage(pid).catch(() => ({ memory: 0 }))));
  return usage.reduce((sum, { memory }) => sum + memory, 0);
}

async function cpuSeconds(pids) {
  const usage = await Promise.all(pids.map((pid) => pidusage(pid).catch(() => ({ ctime: 0 }))));
  return usage.reduce((sum, { ctime }) => sum + ctime, 0) / 1000;
}

async function readPictures(folder) {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  return Promise.all(names.map((name) => readFile(path.join(folder, name))));
}

function percentile(sorted, share) {
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN);
}

function rotate(list, by) {
  return [...list.slice(by), ...list.slice(0, by)];
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
