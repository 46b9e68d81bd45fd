// How long one waits while making a service one's own: a command's start, an install, and from saving a changed
// params.ts to the first answer with it.
//
//   npm run build && node bench/loop.js
//
// Wall times are medians of interleaved rounds, for the machine decides them; the last column says how many
// `node -e 0` that is.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ocrhub, root } from './harness.js';

const starts = 11;
const rounds = 5;
const stock = ['ocr_det', 'ocr_cls', 'ocr_rec', 'ocr_system'];

/** The files that the server says it uses, by their names in models/. */
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
const times = new Map();
try {
  installs();
  startUps();
  await servers();
  ocrhub(home, 'create', own, '--from', 'ocr_system');
  ocrhub(home, 'install', own);
  await reinstall();
  await guide();
  await watch();
  report();
} finally {
  ocrhub(home, 'serving', 'stop', '--all');
  rmSync(folder, { recursive: true, force: true });
}

/** Each into a home folder that has nothing yet. */
function installs() {
  for (let round = 0; round < rounds; round++) {
    for (const name of stock) {
      rmSync(home, { recursive: true, force: true });
      measure(`install ${name}`, () => ocrhub(home, 'install', name));
    }
  }
  ocrhub(home, 'install', ...stock);
}

function startUps() {
  for (let round = 0; round < starts; round++) {
    measure('node -e 0', () => spawnSync(process.execPath, ['-e', '0']));
    for (const words of ['--help', 'list', 'show ocr_system', 'serving status'])
      measure(`ocrhub ${words}`, () => ocrhub(home, ...words.split(' ')));
  }
}

/** To a server that has made its first inference, beside what Node needs to load the same two models and nothing else. */
async function servers() {
  const port = await freePort();
  for (let round = 0; round < rounds; round++) {
    measure('node loads the two models', () => {
      const { status, stderr } = spawnSync(process.execPath, ['-e', loadModels], { cwd: root, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    });
    measure('serving start, to ready', () => ocrhub(home, 'serving', 'start', '-m', 'ocr_system', '-p', port));
    ocrhub(home, 'serving', 'stop', '-p', port);
  }
}

/** install and restart, while the server runs. */
async function reinstall() {
  const port = await freePort();
  ocrhub(home, 'serving', 'start', '-m', 'my_ocr', '-p', port);
  await rounded('save to answer: install, serving restart', port, () => {
    ocrhub(home, 'install', own);
    ocrhub(home, 'serving', 'restart', '-p', port);
  });
  ocrhub(home, 'serving', 'stop', '-p', port);
}

/** As HubServing's guide has it. */
async function guide() {
  const port = await freePort();
  ocrhub(home, 'serving', 'start', '-m', 'my_ocr', '-p', port);
  await rounded('save to answer: stop, uninstall, install, start', port, () => {
    ocrhub(home, 'serving', 'stop', '-p', port);
    ocrhub(home, 'uninstall', 'my_ocr');
    ocrhub(home, 'install', own);
    ocrhub(home, 'serving', 'start', '-m', 'my_ocr', '-p', port);
  });
  ocrhub(home, 'serving', 'stop', '-p', port);
}

async function watch() {
  const port = await freePort();
  const command = [path.join(root, 'bin', 'run.js'), 'serving', 'start', '-m', own, '-p', port, '--watch'];
  const child = spawn(process.execPath, command, { env: { ...process.env, OCRHUB_HOME: home }, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while ((await hashOf(port)) === undefined) await sleep(50);
  await sleep(500);
  await rounded('save to answer: serving start --watch', port, () => undefined);
  child.kill('SIGINT');
  await ended;
}

/** Saves another drop_score, and waits for the first answer that shows it. */
async function rounded(what, port, bring) {
  for (let round = 0; round < rounds; round++) {
    const before = { hash: await hashOf(port), lines: await linesOf(port) };
    const start = performance.now();
    save();
    await bring();
    while ([before.hash, undefined].includes(await hashOf(port))) await sleep(20);
    const lines = await linesOf(port);
    note(what, performance.now() - start);
    if (lines === before.lines) throw new Error(`${what}: the answer has ${lines} lines as before`);
  }
}

function save() {
  const file = path.join(own, 'params.ts');
  const text = readFileSync(file, 'utf8');
  const [now, next] = text.includes('drop_score: 0.5,') ? ['0.5', '0.999'] : ['0.999', '0.5'];
  writeFileSync(file, text.replace(`drop_score: ${now},`, `drop_score: ${next},`));
}

async function hashOf(port) {
  const health = await fetch(`http://127.0.0.1:${port}/health`).then(
    (response) => response.json(),
    () => undefined,
  );
  return health?.status === 'ready' ? health.modules[0].hash : undefined;
}

async function linesOf(port) {
  const response = await fetch(`http://127.0.0.1:${port}/predict/my_ocr`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ images: [image] }),
  });
  return (await response.json()).results[0].length;
}

function measure(what, work) {
  const start = performance.now();
  work();
  note(what, performance.now() - start);
}

function note(what, ms) {
  times.set(what, [...(times.get(what) ?? []), ms]);
}

function report() {
  const bare = median(times.get('node -e 0'));
  console.log(`${''.padEnd(50)}      ms   from - to        x node -e 0`);
  for (const [what, all] of times) {
    const range = `${Math.min(...all).toFixed(0)} - ${Math.max(...all).toFixed(0)}`;
    const ratio = (median(all) / bare).toFixed(1);
    console.log(`${what.padEnd(50)}${median(all).toFixed(0).padStart(8)}   ${range.padEnd(14)}${ratio.padStart(8)}`);
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(String(port)));
    });
  });
}
