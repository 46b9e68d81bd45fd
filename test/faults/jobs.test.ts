import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, removeHome, temporaryHome } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { startServer, untilHealth, type TestServer } from '../helpers/server.js';
import { installSlow, submitJob } from '../helpers/slow-jobs.js';
import { untilFound } from '../helpers/until-found.js';

/** Jobs whose server, or inference process, is stopped or killed. */

let home: string;

beforeEach(async () => {
  home = await temporaryHome();
  await installSlow(home, 2000);
});

afterEach(() => removeHome(home));

interface Operation {
  readonly status: string;
  readonly error?: { readonly message: string };
  readonly analyzeResult?: { readonly content: string };
}

function ended(place: string): Promise<Operation> {
  return untilFound(async () => {
    const operation = JSON.parse((await send(place)).text) as Operation;
    if (operation.status === 'running') await sleep(200);
    return operation.status === 'running' ? undefined : operation;
  });
}

async function kill({ pid }: TestServer): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await untilFound(async () => {
    await sleep(50);
    try {
      process.kill(pid, 0);
      return undefined;
    } catch {
      return true;
    }
  });
}

it('the next server on the port does the jobs of one that was killed, those in work and those that waited', async () => {
  const flags = ['-m', 'slow'];
  const port = await freePort();
  const first = await startServer(home, { flags, port });
  const places = [await submitJob(first), await submitJob(first), await submitJob(first)];
  await sleep(500);
  await kill(first);
  await startServer(home, { flags, port });
  for (const place of places) {
    expect(await ended(place)).toMatchObject({ status: 'succeeded', analyzeResult: { content: 'late' } });
  }
}, 90_000);

it('a job outlives that its inference process is killed four times, and the fifth time it fails', async () => {
  const server = await startServer(home, { flags: ['-m', 'slow'] });
  for (const [kills, end] of [
    [4, { status: 'succeeded' }],
    [5, { status: 'failed', error: { message: expect.stringContaining('ended 5 times') as string } }],
  ] as const) {
    const place = await submitJob(server);
    const killed: number[] = [];
    while (killed.length < kills) {
      const isNext = ({ pid, state }: { pid: number; state: string }) => state === 'busy' && !killed.includes(pid);
      const { processes } = await untilHealth(server, 'in work', (now) => now.processes.some(isNext));
      const { pid } = processes.find(isNext) ?? { pid: 0 };
      process.kill(pid, 'SIGKILL');
      killed.push(pid);
    }
    expect(await ended(place)).toMatchObject(end);
  }
}, 90_000);

it('a kill at any moment leaves a whole job or none, and another server on the home leaves it alone', async () => {
  const flags = ['-m', 'slow'];
  const port = await freePort();
  for (const ms of [0, 3, 10, 30]) {
    const server = await startServer(home, { flags, port });
    const sending = Promise.allSettled(Array.from({ length: 20 }, () => submitJob(server)));
    await sleep(ms);
    await kill(server);
    await sending;
  }
  const other = await startServer(home, { flags });
  await sleep(6000);
  const folder = path.join(home, 'jobs');
  const items = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('j'));
  for (const id of items) {
    const names = await readdir(path.join(folder, id));
    expect(names).toEqual(expect.arrayContaining(['head.json', 'request.json', 'file-0']));
    expect(JSON.parse(await readFile(path.join(folder, id, 'head.json'), 'utf8'))).toMatchObject({ port });
    expect(names).not.toContain('outcome.json');
  }
  expect((await send(`${other.url}/health/ready`)).http).toBe(200);
}, 120_000);
