/**
 * What an idle server costs after it has read a page in each process: the CPU of its process tree over some seconds, its memory, and
 * how much of it a second inference process takes. Linux only.
 *
 *   npm run build && node bench/run.js idle [seconds]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { ocrhub, predict, root, startServer, stopServer } from './lib/ocrhub.js';
import { ProcessTree } from './lib/process-tree.js';

const seconds = Number(process.argv[2] ?? 30);
const home = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-idle-'));
const page = readFileSync(path.join(root, 'test', 'fixtures', 'receipt.jpg'), 'base64');
try {
  ocrhub(home, 'install', 'ocr_system');
  const one = await measure(1);
  const two = await measure(2);
  console.log(`a further process: ${megabytes(two - one)} MB`);
} finally {
  ocrhub(home, 'serving', 'stop', '--all');
  rmSync(home, { recursive: true, force: true });
}

/** Answers the bytes of the server and its processes, with files that several of them map counted once. */
async function measure(workers: number): Promise<number> {
  const flags = ['--use_multiprocess', '--workers', String(workers)];
  const { pid, port, url } = startServer(home, String(await getPort()), 'ocr_system', ...flags);
  // Sent at once, so that each process gets one.
  await Promise.all(Array.from({ length: workers }, () => predict(url, 'ocr_system', page)));
  // V8 collects garbage for a while after the last request.
  await sleep(30_000);
  const tree = new ProcessTree(pid);
  const before = tree.cpuSeconds();
  await sleep(seconds * 1000);
  const percent = ((tree.cpuSeconds() - before) / seconds) * 100;
  const bytes = tree.bytesWithSharedOnce();
  console.log(`--workers ${workers}: ${percent.toFixed(2)} % of a core, ${megabytes(bytes)} MB`);
  stopServer(home, port);
  return bytes;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
