/**
 * What an idle server costs: the CPU of its process tree over some seconds after it has read a page. Linux only.
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
  for (const mode of [[], ['--use_multiprocess', '--workers', '2']]) await measure(mode);
} finally {
  ocrhub(home, 'serving', 'stop', '--all');
  rmSync(home, { recursive: true, force: true });
}

async function measure(mode: readonly string[]): Promise<void> {
  const { pid, port, url } = startServer(home, String(await getPort()), 'ocr_system', ...mode);
  await predict(url, 'ocr_system', page);
  // V8 collects garbage for a while after the last request.
  await sleep(30_000);
  const tree = new ProcessTree(pid);
  const before = tree.cpuSeconds();
  await sleep(seconds * 1000);
  const percent = ((tree.cpuSeconds() - before) / seconds) * 100;
  console.log(`${mode.length === 0 ? 'one process' : mode.join(' ')}: ${percent.toFixed(2)} % of a core`);
  stopServer(home, port);
}
