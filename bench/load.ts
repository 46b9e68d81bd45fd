/**
 * Drives servers with concurrent clients that send receipts, and prints what they got.
 *
 *   npm run build && node bench/run.js load [folder of pictures]
 *     --clients 1,4,16,64      numbers of concurrent clients
 *     --modes single,multi-1,multi-2
 *     --seconds 20             minimum length of one measurement
 *     --answers 3              minimum number of answers for each client
 *     --max_seconds 600        maximum length of one measurement
 *     --rounds 1               how often each is measured; modes take turns within a round
 *     --rapidocr COMMAND       also RapidOCR's HTTP server, which COMMAND starts on the port given as "-p PORT"
 *     --json FILE              also writes the rows to this file
 *
 * CPU and memory are those of the whole process tree; Linux only. Latencies are those of answered requests; requests/s
 * are answered requests over the time to the last answer. "rest MB" is the memory of the tree after all work is done,
 * summed over its processes; "once MB" counts a file that several of them map (node itself, the engine) once.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import getPort from 'get-port';
import { jsonHeaders, ocrhub, requestBody, root, startServer, stopServer } from './lib/ocrhub.js';
import { ProcessTree } from './lib/process-tree.js';
import { percentile, round } from './lib/statistics.js';

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
const minSeconds = Number(values.seconds);
const minAnswers = Number(values.answers);
const maxSeconds = Number(values.max_seconds);

const modes: Readonly<Record<string, readonly string[]>> = {
  single: [],
  'multi-1': ['--use_multiprocess', '--workers', '1'],
  'multi-2': ['--use_multiprocess', '--workers', '2'],
};

interface System {
  readonly name: string;
  readonly url: string;
  readonly tree: ProcessTree;
  readonly requests: autocannon.Request[];
  readonly stop: () => void;
}

const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-load-'));
const pictures = await readPictures(
  path.resolve(positionals[0] ?? path.join(root, '..', 'shared', 'data', 'receipts')),
);
const systems: System[] = [];
const rows: object[] = [];
try {
  ocrhub(home, 'install', 'ocr_system');
  for (const mode of values.modes.split(',')) systems.push(await startOurs(mode));
  if (values.rapidocr !== undefined) systems.push(await startRapidOcr(values.rapidocr));
  for (let turn = 1; turn <= Number(values.rounds); turn++) {
    for (const clients of values.clients.split(',').map(Number)) {
      for (const system of systems) {
        const row = await measure(system, clients);
        // Requests that their clients gave up must not slow down the next system.
        await system.tree.idle();
        rows.push({ round: turn, ...row, ...(await memoryAtRest(system)) });
      }
    }
  }
} finally {
  for (const system of systems) system.stop();
  await rm(home, { recursive: true, force: true });
}
console.table(rows);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);

async function measure({ name, url, tree, requests }: System, clients: number): Promise<object> {
  const cpuBefore = tree.cpuSeconds();
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, tree.residentBytes())), 500);
  const times: number[] = [];
  const perClient = new Map<object, number>();
  const start = performance.now();
  let last = start;
  const options: autocannon.Options = {
    url,
    connections: clients,
    duration: maxSeconds,
    timeout: maxSeconds,
    requests,
    // Each client begins with another picture.
    setupClient: (client) => client.setRequests(rotate(requests, Math.floor(Math.random() * requests.length))),
  };
  const fewest = (): number => (perClient.size < clients ? 0 : Math.min(...perClient.values()));
  const isEnough = (): boolean => performance.now() - start > minSeconds * 1000 && fewest() >= minAnswers;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error, finished) => {
      clearInterval(watch);
      if (error === null) resolve(finished);
      else reject(error as Error);
    });
    run.on('response', (client, status, _bytes, ms) => {
      if (status !== 200) return;
      last = performance.now();
      times.push(ms);
      perClient.set(client, (perClient.get(client) ?? 0) + 1);
    });
    const watch = setInterval(() => {
      if (isEnough()) run.stop();
    }, 100);
  });
  clearInterval(sampler);
  const cpu = tree.cpuSeconds() - cpuBefore;
  const answered = times.length;
  return {
    system: name,
    clients,
    'requests/s': answered === 0 ? 0 : round(answered / ((last - start) / 1000), 2),
    'p50 ms': Math.round(percentile(times, 0.5)),
    'p95 ms': Math.round(percentile(times, 0.95)),
    'p99 ms': Math.round(percentile(times, 0.99)),
    answered,
    'fewest of a client': fewest(),
    note: fewest() >= minAnswers ? '' : `not ${minAnswers} answers a client in ${maxSeconds} s`,
    errors: JSON.stringify({
      ...countErrorStatuses(result),
      ...(result.errors > 0 ? { connection: result.errors } : {}),
    }),
    'CPU-s/request': answered === 0 ? null : round(cpu / answered, 2),
    'peak MB': round(peak / 1e6, 0),
  };
}

async function memoryAtRest({ tree }: System): Promise<object> {
  // V8 collects garbage for a while after the last request.
  await sleep(10_000);
  return { 'rest MB': round(tree.residentBytes() / 1e6, 0), 'once MB': round(tree.bytesWithSharedOnce() / 1e6, 0) };
}

function countErrorStatuses({ statusCodeStats = {} }: autocannon.Result): Record<string, number | undefined> {
  return Object.fromEntries(
    Object.entries(statusCodeStats)
      .filter(([status]) => status !== '200')
      .map(([status, { count }]) => [status, count]),
  );
}

async function startOurs(mode: string): Promise<System> {
  const { pid, port, url } = startServer(home, String(await getPort()), 'ocr_system', ...(modes[mode] ?? []));
  const requests = pictures.map((picture): autocannon.Request => ({
    method: 'POST',
    path: '/predict/ocr_system',
    headers: jsonHeaders,
    body: requestBody(picture.toString('base64')),
  }));
  const stop = (): void => stopServer(home, port);
  return { name: `ocrhub ${mode}`, url, tree: new ProcessTree(pid), requests, stop };
}

async function startRapidOcr(command: string): Promise<System> {
  const port = await getPort();
  const [program = '', ...args] = command.split(' ');
  const child = spawn(program, [...args, '-ip', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 120 && !(await isListening(url)); i++) await sleep(500);
  const requests = await Promise.all(
    pictures.map(async (picture): Promise<autocannon.Request> => {
      const form = new FormData();
      form.append('image_file', new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'page.jpg');
      const encoded = new Response(form);
      const headers = { 'Content-Type': encoded.headers.get('content-type') ?? '' };
      return { method: 'POST', path: '/ocr', headers, body: Buffer.from(await encoded.arrayBuffer()) };
    }),
  );
  const stop = (): void => void child.kill('SIGKILL');
  return { name: 'rapidocr_api', url, tree: new ProcessTree(child.pid ?? 0), requests, stop };
}

function isListening(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function readPictures(folder: string): Promise<Buffer[]> {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  return Promise.all(names.map((name) => readFile(path.join(folder, name))));
}

function rotate<T>(list: readonly T[], by: number): T[] {
  return [...list.slice(by), ...list.slice(0, by)];
}
