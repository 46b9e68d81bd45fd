import { cp, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { freePort } from '../helpers/home.js';
import { post, send } from '../helpers/http.js';
import { installModule } from '../helpers/module.js';
import { isRunning, startServer, type TestServer } from '../helpers/server.js';
import { faultEnv, type Fault } from './fault-env.js';
import { findsOf } from './faults.js';

/*
 * The server is interrupted at each step of its job store. A job that it accepted is done afterwards, by it or by the next server
 * on the port; one that is done stays, and one that has expired is gone.
 */

let place = '';
let template = '';
/** Of jobs in the template. */
let done = '';
let expired = '';
/** The port of the servers of the template: a job belongs to one. */
let port = 0;

const submitPath = '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30';
const picture = {
  base64Source: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
};

beforeAll(async () => {
  place = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-job-steps-'));
  template = path.join(place, 'template');
  port = await freePort();
  await installModule(
    template,
    `name: 'word', version: '1.0.0', summary: 'Reads a word', params: {},
  entries: { empty: [], nested: false },
  predict: () => [[{ text: 'read', confidence: 1, text_region: [[0, 0], [9, 0], [9, 9], [0, 9]] }]],`,
  );
  const server = await start(template);
  [done, expired] = [await submit(server), await submit(server)].map((answer) => answer.place ?? '') as [
    string,
    string,
  ];
  for (const job of [done, expired]) expect(await ended(job)).toBe('read');
  await stop(template);
  // Two days: longer than a server keeps jobs.
  const folder = path.join(template, 'jobs', idOf(expired));
  const old = new Date(Date.now() - 2 * 86_400_000);
  for (const name of await readdir(folder)) await utimes(path.join(folder, name), old, old);
  await utimes(folder, old, old);
});
afterAll(async () => {
  await stop(template);
  await rm(place, { recursive: true, force: true });
});

it('a job that was accepted is done, whatever step of the job store is interrupted', async () => {
  const counted = path.join(place, 'counted');
  await cp(template, counted, { recursive: true, preserveTimestamps: true });
  const log = path.join(place, 'calls');
  const server = await start(counted, faultEnv(how(counted, log)));
  expect(await ended((await submit(server)).place ?? '')).toBe('read');
  await stop(counted);
  const calls = (await readFile(log, 'utf8')).trimEnd().split('\n');
  expect(calls.length).toBeGreaterThan(10);
  expect(await findsOf('job store', calls, tryFault)).toEqual([]);
});

async function tryFault(fault: Fault): Promise<object | undefined> {
  const home = path.join(place, `${fault.at}-${fault.kind}`);
  const log = path.join(place, `${fault.at}-${fault.kind}-calls`);
  const own = await freePort();
  await copyTo(home, own);
  const server = { url: `http://127.0.0.1:${own}` };
  const here = (job: string): string => job.replace(`:${port}/`, `:${own}/`);
  try {
    const env = faultEnv(how(home, log), fault);
    const started = await ocrhub(home, startArgs(own), { env });
    const first = started.code === 0 ? await submit(server) : { answer: started.stdout };
    const before = first.place === undefined ? undefined : await ended(first.place);
    const isAlive = (await send(`${server.url}/health`).catch(() => undefined)) !== undefined;
    const call = (await readFile(log, 'utf8').catch(() => '')).split('\n')[fault.at - 1];
    const shown = { call, first, before, isAlive };
    if (!isAlive) await start(home, {}, own);
    if (first.place !== undefined && before !== 'read') {
      const after = await ended(first.place);
      if (after !== 'read') return { wrong: 'a job that was accepted is not done', ...shown, after };
    }
    if (first.place === undefined && !isDocumented(first.answer, fault.kind))
      return { wrong: 'no documented answer', ...shown };
    const kept = await ended(here(done));
    if (kept !== 'read') return { wrong: 'a job that was done is lost', ...shown, kept };
    const gone = await send(here(expired));
    if (gone.http !== 404) return { wrong: 'a job that has expired answers', ...shown, gone: gone.text };
    const next = await submit(server);
    const read = next.place === undefined ? undefined : await ended(next.place);
    return read === 'read' ? undefined : { wrong: 'the next job is not done', ...shown, next, read };
  } finally {
    await stop(home, own);
    await rm(home, { recursive: true, force: true });
  }
}

/** The template for another port, so that several trials run at the same time. Nothing gets a new time. */
async function copyTo(home: string, own: number): Promise<void> {
  await cp(template, home, { recursive: true, preserveTimestamps: true });
  for (const id of await readdir(path.join(home, 'jobs'))) {
    const head = path.join(home, 'jobs', id, 'head.json');
    const { atime, mtime } = await stat(head);
    await writeFile(head, JSON.stringify({ ...(JSON.parse(await readFile(head, 'utf8')) as object), port: own }));
    await utimes(head, atime, mtime);
  }
}

function how(home: string, log: string): { below: string[]; entry: string; log: string } {
  return { below: [path.join(home, 'jobs')], entry: 'server/main', log };
}

function startArgs(own: number): string[] {
  return ['serving', 'start', '-m', 'word', '-p', String(own), '--json'];
}

function start(home: string, env: NodeJS.ProcessEnv = {}, own = port): Promise<TestServer> {
  return startServer(home, { flags: ['-m', 'word'], port: own, env });
}

/** Ends the server of a home at once. */
async function stop(home: string, own = port): Promise<void> {
  const { stdout } = await ocrhub(home, ['serving', 'stop', '-p', String(own), '--json']);
  const { pid } = JSON.parse(stdout) as { pid?: number };
  while (pid !== undefined && isRunning(pid)) await sleep(20);
}

interface Submitted {
  /** The address of the job; undefined if it was not accepted. */
  readonly place?: string;
  /** Undefined if the connection was cut off. */
  readonly answer?: string;
}

async function submit({ url }: { url: string }): Promise<Submitted> {
  const answer = await post(`${url}${submitPath}`, picture).catch(() => undefined);
  if (answer?.http === 202) return { place: String(answer.headers['operation-location']) };
  return answer === undefined ? {} : { answer: `${answer.http} ${answer.text}` };
}

/** The claim of a server that was killed is void after 15 seconds, and the next server looks for such jobs every five. */
const patienceMs = 90_000;

/** The text of a job, or how it ended; undefined if the server has ended before it. */
async function ended(job: string): Promise<string | undefined> {
  for (const end = performance.now() + patienceMs; performance.now() < end;) {
    const answer = await send(job).catch(() => undefined);
    if (answer === undefined) return undefined;
    const { status, analyzeResult } = JSON.parse(answer.text) as {
      status?: string;
      analyzeResult?: { content: string };
    };
    if (status === 'succeeded') return analyzeResult?.content;
    // A store that failed once answers again.
    if (status !== 'running' && status !== 'notStarted' && answer.http < 500) return answer.text;
    await sleep(100);
  }
  return 'not in time';
}

/** A kill cuts off the connection. A disk that fails is 503 or 507, or the server says at its start what is wrong. */
function isDocumented(answer: string | undefined, kind: string): boolean {
  if (kind === 'kill' || kind === 'half') return true;
  return answer !== undefined && /^50[37] |"code": *"(?!internal)/.test(answer);
}

/** The name of a job's folder. */
function idOf(job: string): string {
  return /j[\da-f]{40}/.exec(job)?.[0] ?? '';
}
