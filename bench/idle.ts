/**
 * What a server costs that has nothing to do: CPU of its process tree over some seconds after a page was read.
 *
 *   npm run build && node bench/run.js idle [seconds]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { ocrhub, root } from './harness.js';
import { ProcessTree } from './systems/process-tree.js';

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
  const port = String(await getPort());
  const started = ocrhub(home, 'serving', 'start', '-m', 'ocr_system', '-p', port, ...mode, '--json');
  const { pid, url } = JSON.parse(started) as { pid: number; url: string };
  const answer = await fetch(`${url}/predict/ocr_system`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ images: [page] }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  // V8 tidies up for a while after work.
  await sleep(30_000);
  const tree = new ProcessTree(pid);
  const before = tree.cpuSeconds();
  await sleep(seconds * 1000);
  const percent = ((tree.cpuSeconds() - before) / seconds) * 100;
  console.log(`${mode.length === 0 ? 'one process' : mode.join(' ')}: ${percent.toFixed(2)} % of a core`);
  ocrhub(home, 'serving', 'stop', '-p', port);
}
