/**
 * What a server and its inference process hold at the start, at the peak of a load, and 30 s after it, and the CPU time of both: for
 * pictures and a PDF file that cost much, half-sent bodies, and large bodies. Then the time of `serving stop` while connections say
 * nothing, send half a header, or half a body. One server gets all loads in turn. Linux only.
 *
 *   npm run build && node bench/run.js hostile-memory [bytes of MALLOC_MMAP_THRESHOLD_]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import getPort from 'get-port';
import { plainPage } from '../test/helpers/plain-pdf.js';
import { png, pngChunk } from '../test/helpers/png.js';
import { jsonHeaders, ocrhub, requestBody, root, startServer, stopServer } from './lib/ocrhub.js';
import { ProcessTree, requireProc } from './lib/process-tree.js';

requireProc();
const threshold = process.argv[2];
if (threshold !== undefined) process.env['MALLOC_MMAP_THRESHOLD_'] = threshold;
const line = readFileSync(path.join(root, 'test', 'fixtures', 'line.png'), 'base64');
const home = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-memory-'));

/** Answers what came back, for the table. */
type Load = (url: string) => Promise<string>;

const head = 'POST /predict/ocr_rec HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';

const silences: readonly (readonly [name: string, sent: string | undefined])[] = [
  ['no connection', undefined],
  ['30 silent connections', ''],
  ['30 half-sent headers', head],
  ['30 half-sent bodies', `${head}Content-Length: 1000\r\n\r\n{`],
];

const loads: readonly (readonly [name: string, load: Load])[] = [
  ['PNG, 20 x 20, 40 texts that unpack to 50 MB each', file(textBomb())],
  ['PNG, 1 x 64,000,000, 69 bytes of file', file(tallPng(1, 64_000_000))],
  ['PNG, 1,000,000 x 64', file(tallPng(1_000_000, 64))],
  ['PDF page of 200 MB of one operator', file(pdfOfStates())],
  ['30 half-sent bodies of 8 MB', halfBodies],
  ['8 clients x 12 bodies of 3 MB', bodies(12, 3e6)],
  ['8 clients x 5 bodies of 12 MB', bodies(5, 12e6)],
  ['8 clients x 2 bodies of 60 MB', bodies(2, 60e6)],
];

try {
  ocrhub(home, 'install', 'ocr_rec');
  const { pid, port, url } = startServer(home, String(await getPort()), 'ocr_rec');
  await file(Buffer.from(line, 'base64'))(url);
  console.log(
    '| load | answers | CPU-s | server MB: before | peak | 30 s after | inference MB: before | peak | 30 s after |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const [name, load] of loads) await measure(name, load, pid, url);
  stopServer(home, port);
  for (const [name, sent] of silences) console.log(`serving stop, ${name}: ${await stopTime(sent)} s`);
} finally {
  ocrhub(home, 'serving', 'stop', '--all');
  rmSync(home, { recursive: true, force: true });
}

async function measure(name: string, load: Load, server: number, url: string): Promise<void> {
  const inference = await inferenceOf(url);
  const tree = new ProcessTree(server);
  const pids = [server, inference];
  const before = pids.map((pid) => megabytes(pid, 'VmRSS'));
  // proc(5): 5 sets the peak back to what is resident now.
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const cpu = tree.cpuSeconds();
  const answers = await load(url);
  const used = (tree.cpuSeconds() - cpu).toFixed(1);
  const peak = pids.map((pid) => megabytes(pid, 'VmHWM'));
  await sleep(30_000);
  const after = [server, await inferenceOf(url)].map((pid) => megabytes(pid, 'VmRSS'));
  const cells = [0, 1].flatMap((i) => [before[i], peak[i], after[i]]);
  console.log(`| ${[name, answers, used, ...cells].join(' | ')} |`);
}

async function inferenceOf(url: string): Promise<number> {
  const { processes } = (await (await fetch(`${url}/health`)).json()) as { processes: { pid: number }[] };
  return processes[0]?.pid ?? NaN;
}

/** "ended" for a process that is gone. */
function megabytes(pid: number, name: 'VmRSS' | 'VmHWM'): string {
  try {
    const [, kilobytes] =
      new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return String(Math.round(Number(kilobytes) / 1024));
  } catch {
    return 'ended';
  }
}

function file(bytes: Buffer): Load {
  return async (url) => String(await post(url, requestBody(bytes.toString('base64'))));
}

async function post(url: string, body: string): Promise<number> {
  const response = await fetch(`${url}/predict/ocr_rec`, { method: 'POST', headers: jsonHeaders, body });
  await response.text();
  return response.status;
}

/** Requests of a small picture, whose body has `size` bytes more. */
function bodies(each: number, size: number): Load {
  return async (url) => {
    const body = `{"images":["${line}"]${' '.repeat(size)}}`;
    const statuses: number[] = [];
    const ask = async (): Promise<void> => {
      for (let i = 0; i < each; i++) statuses.push(await post(url, body));
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    return [...new Set(statuses)]
      .map((status) => `${statuses.filter((s) => s === status).length} x ${status}`)
      .join(', ');
  };
}

async function halfBodies(url: string): Promise<string> {
  const sockets = await Promise.all(
    Array.from({ length: 30 }, () => opened(url, `${head}Content-Length: 60000000\r\n\r\n${' '.repeat(8e6)}`)),
  );
  await sleep(3000);
  for (const socket of sockets) socket.destroy();
  return 'none';
}

async function stopTime(sent: string | undefined): Promise<string> {
  const { port, url } = startServer(home, String(await getPort()), 'ocr_rec');
  const sockets = sent === undefined ? [] : await Promise.all(Array.from({ length: 30 }, () => opened(url, sent)));
  const start = performance.now();
  stopServer(home, port);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  for (const socket of sockets) socket.destroy();
  return seconds;
}

/** A connection that has sent `text`, as far as the server takes it. */
async function opened(url: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return socket;
}

function textBomb(): Buffer {
  const text = Buffer.concat([
    Buffer.from('Comment\0\0', 'latin1'),
    deflateSync(Buffer.alloc(50e6, 'A'), { level: 9 }),
  ]);
  return png({ width: 20, height: 20, before: Array.from({ length: 40 }, () => pngChunk('zTXt', text)) });
}

function tallPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(100))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pdfOfStates(): Buffer {
  return plainPage({
    content: deflateSync(Buffer.alloc(200e6, 'q ')).toString('latin1'),
    filter: '/Filter /FlateDecode',
  });
}
