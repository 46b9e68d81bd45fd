import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { hostilePdfs } from '../helpers/hostile-pdf/hostile-pdfs.js';
import { opened, send, type Answer } from '../helpers/http.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { readLog, startServer, type TestServer } from '../helpers/server.js';
import { idleProcess } from './idle-process.js';
import { installLightModule } from './light-module.js';
import { SampledProcess } from './sampled-process.js';
import { everyRun, seed } from './scale.js';
import { WatchedProcess } from './watched-process.js';

/*
 * PDF files that are made to cost much: each gets a documented answer, costs little, and does the server no harm. With -t only those
 * whose name has the text.
 */

/** Shorter than the default, so that a page may take 5 s of CPU time. */
const timeout = 20;

let home = '';
let folder = '';
let server: TestServer;
let known = '';
let megabytesBefore = 0;
beforeAll(async () => {
  home = await sharedHome();
  folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-hostile-'));
  await installLightModule(home);
  const flags = ['-m', 'ocr_system', '--timeout', String(timeout), '--workers', '1'];
  server = await startServer(home, { flags });
  known = (await sendBytes(fixtureBytes('line.png'))).text;
  megabytesBefore = new WatchedProcess(server.pid).residentMegabytes();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await removeHome(home);
});

interface Use {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const all = hostilePdfs.map((file, index) => ({ ...file, index }));

it.each(all)('$name', async ({ name, make, index }) => {
  const bytes = make();
  const report: string[] = [];
  const finds: string[] = [];
  const judge = (way: string, answer: string, isDocumented: boolean, { cpuSeconds, peakMegabytes }: Use): void => {
    const wrong = [
      ...(isDocumented ? [] : ['no documented answer']),
      ...(cpuSeconds < 31 ? [] : ['too much CPU time']),
      ...(peakMegabytes < 1100 + bytes.length / 1e6 ? [] : ['too much memory']),
    ];
    const line = `${way}: ${cpuSeconds.toFixed(1)} s, ${peakMegabytes.toFixed(0)} MB, ${answer.slice(0, 300)}`;
    report.push(line);
    if (wrong.length > 0) finds.push(`${wrong.join(', ')}: ${line}`);
  };
  const send = async (way: string, post: () => Promise<Answer>): Promise<boolean> => {
    const { answer, use } = await answered(post);
    judge(way, `${answer.http} ${answer.text}`, documented(answer), use);
    return answer.http === 200;
  };
  const isRead = await send('read', () => sendBytes(bytes));
  await send('text layer', () => sendBytes(bytes, '?use_text_layer=true&pages=1'));
  if (isRead) {
    await send('to PDF', () => sendBytes(bytes, '?format=pdf&pages=1'));
    await send('docling', () => sendDocling(bytes));
  }
  if (index % everyRun === seed % everyRun) {
    const { code, output, use } = await run(bytes);
    judge('run', `exit ${String(code)} ${output}`, code === 0 || code === 5, use);
  }
  if ((await sendBytes(fixtureBytes('line.png'))).text !== known) finds.push('the known line reads otherwise');
  console.log([`${name}, ${bytes.length} bytes`, ...report].join('\n  '));
  expect(finds).toEqual([]);
});

it('the memory of the server returns, and each failure is in its log', async () => {
  await sleep(30_000);
  expect(new WatchedProcess(server.pid).residentMegabytes() - megabytesBefore).toBeLessThan(60);
  const failures = (await readLog(server.logFile)).filter(({ httpStatus = 0 }) => httpStatus >= 500);
  expect(failures.map(({ httpStatus }) => httpStatus)).toEqual(Array(late).fill(504));
});

/** An answer of the server, and what its one process used for it. */
async function answered(post: () => Promise<Answer>): Promise<{ answer: Answer; use: Use }> {
  const use = new SampledProcess(await idleProcess(server));
  try {
    return { answer: await post(), use };
  } finally {
    use.stop();
  }
}

/** Answers that came to the end of --timeout: a busy machine gives a process less CPU time than its limits. */
let late = 0;

/** docling answers 200 with the errors in its body. */
function documented(answer: Answer): boolean {
  if (answer.http === 200) return true;
  if (answer.http === 504) return ++late > 0;
  return [400, 413, 422].includes(answer.http) && opened(answer).msg !== '';
}

function sendBytes(body: Buffer, query = ''): Promise<Answer> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  return send(`${server.url}/predict/ocr_system${query}`, { method: 'POST', headers, body });
}

function sendDocling(bytes: Buffer): Promise<Answer> {
  const sources = [{ kind: 'file', filename: 'a.pdf', base64_string: bytes.toString('base64') }];
  const headers = { 'Content-Type': 'application/json' };
  return send(`${server.url}/v1/convert/source`, { method: 'POST', headers, body: JSON.stringify({ sources }) });
}

async function run(bytes: Buffer): Promise<{ code: number | null; output: string; use: Use }> {
  const file = path.join(folder, 'hostile.pdf');
  writeFileSync(file, bytes);
  const args = ['run', 'ocr_system', file, '--json', '--pages', '1'];
  const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
    env: { ...process.env, OCRHUB_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const use = new SampledProcess(child.pid ?? 0);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  use.stop();
  return { code, output, use };
}
