/**
 * How long a developer waits: for a command's start, for an install, and from saving a changed params.ts to the first
 * answer that shows it.
 *
 *   npm run build && node bench/run.js loop [--starts 11] [--rounds 5] [--only servers]
 *
 * `--only` is one of: installs, starts, servers, saves. Prints medians of wall times over interleaved rounds, because the
 * machine's speed varies. The last column is the ratio to the time of `node -e 0`; with `--only servers`, to that of loading the models.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import { bin, ocrhub, predict, root, startServer, stopServer } from './lib/ocrhub.js';
import { median } from './lib/statistics.js';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '11' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const starts = Number(values.starts);
const rounds = Number(values.rounds);
const stock = ['ocr_det', 'ocr_cls', 'ocr_rec', 'ocr_system'];
const baseline = 'node -e 0';
const loading = 'node loads the two models';

/** Loads the files that a server with default parameters uses, and nothing else. */
const loadModels = `
  const ort = require('onnxruntime-node');
  const options = { intraOpNumThreads: 1 };
  const files = ['PP-OCRv6_det_small', 'PP-OCRv6_rec_small'].map((name) =>
    ['-int8.onnx', '.onnx'].map((end) => 'models/' + name + end).find((file) => require('fs').existsSync(file)));
  (async () => { for (const file of files) await ort.InferenceSession.create(file, options); })();
`;

const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-loop-'));
const home = path.join(folder, 'home');
const own = path.join(folder, 'my_ocr');
const image = readFileSync(path.join(root, 'test', 'fixtures', 'demo.jpg'), 'base64');
const times = new Map<string, number[]>();
const isWanted = (part: string): boolean => values.only === undefined || values.only === part;
try {
  if (isWanted('installs')) measureInstalls();
  ocrhub(home, 'install', ...stock);
  if (isWanted('starts')) measureStartUps();
  if (isWanted('servers')) await measureServers();
  if (isWanted('saves')) {
    ocrhub(home, 'create', own, '--from', 'ocr_system');
    ocrhub(home, 'install', own);
    await measureReinstall();
    await measureGuide();
    await measureWatch();
  }
  report();
} finally {
  ocrhub(home, 'serving', 'stop', '--all');
  rmSync(folder, { recursive: true, force: true });
}

/** Each package is installed into an empty home folder. */
function measureInstalls(): void {
  for (let round = 0; round < rounds; round++) {
    for (const name of stock) {
      rmSync(home, { recursive: true, force: true });
      measure(`install ${name}`, () => ocrhub(home, 'install', name));
    }
  }
}

function measureStartUps(): void {
  for (let round = 0; round < starts; round++) {
    measure(baseline, () => spawnSync(process.execPath, ['-e', '0']));
    for (const words of ['--help', 'list', 'show ocr_system', 'serving status'])
      measure(`ocrhub ${words}`, () => ocrhub(home, ...words.split(' ')));
  }
}

/** Until the server has made its first inference; beside it the time that Node alone needs to load the same two models. */
async function measureServers(): Promise<void> {
  const port = String(await getPort());
  for (let round = 0; round < rounds; round++) {
    measure(loading, () => {
      const { status, stderr } = spawnSync(process.execPath, ['-e', loadModels], { cwd: root, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    });
    measure('serving start, to ready', () => startServer(home, port, 'ocr_system'));
    stopServer(home, port);
  }
}

/** The server keeps running. */
async function measureReinstall(): Promise<void> {
  const port = String(await getPort());
  startServer(home, port, 'my_ocr');
  await measureSaves('save to answer: install, serving restart', port, () => {
    ocrhub(home, 'install', own);
    ocrhub(home, 'serving', 'restart', '-p', port);
  });
  stopServer(home, port);
}

/** The four commands of HubServing's guide. */
async function measureGuide(): Promise<void> {
  const port = String(await getPort());
  startServer(home, port, 'my_ocr');
  await measureSaves('save to answer: stop, uninstall, install, start', port, () => {
    stopServer(home, port);
    ocrhub(home, 'uninstall', 'my_ocr');
    ocrhub(home, 'install', own);
    startServer(home, port, 'my_ocr');
  });
  stopServer(home, port);
}

async function measureWatch(): Promise<void> {
  const port = String(await getPort());
  const command = [bin, 'serving', 'start', '-m', own, '-p', port, '--watch'];
  const child = spawn(process.execPath, command, { env: { ...process.env, OCRHUB_HOME: home }, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while ((await servedHash(port)) === undefined) await sleep(50);
  await sleep(500);
  await measureSaves('save to answer: serving start --watch', port, () => undefined);
  child.kill('SIGINT');
  await ended;
}

/** Saves another drop_score, and waits for the first answer that shows it. */
async function measureSaves(what: string, port: string, bring: () => void): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const before = { hash: await servedHash(port), lines: await countLines(port) };
    const start = performance.now();
    save();
    bring();
    while ([before.hash, undefined].includes(await servedHash(port))) await sleep(20);
    const lines = await countLines(port);
    note(what, performance.now() - start);
    if (lines === before.lines) throw new Error(`${what}: the answer has ${lines} lines as before`);
  }
}

function save(): void {
  const file = path.join(own, 'params.ts');
  const text = readFileSync(file, 'utf8');
  const [now, next] = text.includes('drop_score: 0.5,') ? ['0.5', '0.999'] : ['0.999', '0.5'];
  writeFileSync(file, text.replace(`drop_score: ${now},`, `drop_score: ${next},`));
}

/** The hash of the module that a ready server serves; undefined if there is none. */
async function servedHash(port: string): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    const health = (await response.json()) as { status: string; modules: { hash: string }[] };
    return health.status === 'ready' ? health.modules[0]?.hash : undefined;
  } catch {
    return undefined;
  }
}

async function countLines(port: string): Promise<number> {
  return (await predict(`http://127.0.0.1:${port}`, 'my_ocr', image)).length;
}

function measure(what: string, work: () => void): void {
  const start = performance.now();
  work();
  note(what, performance.now() - start);
}

function note(what: string, ms: number): void {
  times.set(what, [...(times.get(what) ?? []), ms]);
}

function report(): void {
  const bare = median(times.get(baseline) ?? times.get(loading) ?? []);
  console.log(`${''.padEnd(50)}      ms   from - to        x ${times.has(baseline) ? baseline : loading}`);
  for (const [what, all] of times) {
    const range = `${Math.min(...all).toFixed(0)} - ${Math.max(...all).toFixed(0)}`;
    const ratio = (median(all) / bare).toFixed(1);
    console.log(`${what.padEnd(50)}${median(all).toFixed(0).padStart(8)}   ${range.padEnd(14)}${ratio.padStart(8)}`);
  }
}
