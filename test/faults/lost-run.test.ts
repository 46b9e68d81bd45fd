import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { ocrhub, root, withoutVitest } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { until } from '../helpers/server.js';
import { slowPackage } from '../helpers/slow-package.js';

/* Files of a run that somebody moves or removes while `batch` works on it. */

interface Running {
  readonly folder: string;
  readonly out: string;
  readonly home: string;
  readonly args: readonly string[];
  readonly stderr: () => string;
  readonly ended: Promise<number | null>;
  readonly interrupt: () => void;
}

/** A run of 40 pictures with at least one result, and many units left. */
async function running(): Promise<Running> {
  const folder = await temporaryFolder();
  const [home, scans, out] = ['home', 'scans', 'out'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(scans);
  for (let i = 0; i < 40; i++)
    await cp(path.join(root, 'test', 'fixtures', 'tiny.png'), path.join(scans, `${String(i).padStart(2, '0')}.png`));
  const args = ['batch', scans, out, '--module', await slowPackage(150), '--workers', '1'];
  const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
    env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const results = (): Promise<string[]> => readdir(path.join(out, 'results')).catch(() => []);
  await until('a result', results, (names) => names.length > 0);
  return { folder, out, home, args, stderr: () => stderr, ended, interrupt: () => child.kill('SIGINT') };
}

async function mergedLines({ home, out }: Running): Promise<number> {
  const { stdout } = await ocrhub(home, ['batch', 'merge', out]);
  return stdout.trimEnd().split('\n').length;
}

async function untilWaiting({ stderr }: Running): Promise<void> {
  await until(
    'it waits',
    () => Promise.resolve(stderr()),
    (text) => text.includes('cannot be used; waiting'),
  );
}

it('a run whose folder is moved waits for it, makes nothing in its place, and goes on', async () => {
  const run = await running();
  await rename(run.out, `${run.out}-moved`);
  await untilWaiting(run);
  await sleep(2000);
  expect(await readdir(run.folder)).not.toContain('out');
  await rename(`${run.out}-moved`, run.out);
  expect([await run.ended, run.stderr()]).toEqual([0, expect.stringContaining('can be used again')]);
  expect(await mergedLines(run)).toBe(40);
}, 120_000);

it('a run whose folder was removed says so, and ends with a named error when it is interrupted', async () => {
  const run = await running();
  await rm(run.out, { recursive: true });
  await untilWaiting(run);
  expect(run.stderr()).toContain(`The run in ${run.out} is not there any more`);
  run.interrupt();
  expect([await run.ended, run.stderr()]).toEqual([
    5,
    expect.stringMatching(/\nError: The run in \S+ is not there any more/),
  ]);
  expect(run.stderr()).not.toContain('ENOENT');
}, 120_000);

it.each(['results', 'leases'])(
  'a run whose %s are removed has a line for each page in the end',
  async (what) => {
    const run = await running();
    await rm(path.join(run.out, what), { recursive: true });
    const first = await run.ended;
    // What was removed is read again by this command or by the next.
    if (first !== 0) expect(await ocrhub(run.home, run.args)).toMatchObject({ code: 0 });
    expect(await mergedLines(run)).toBe(40);
  },
  120_000,
);

it('a run whose plan was removed has a line for each page all the same', async () => {
  const run = await running();
  const [plan = ''] = (await readdir(run.out)).filter((name) => name.startsWith('plan-'));
  await rm(path.join(run.out, plan), { recursive: true });
  // A worker holds the part of the plan that it works on, and results name their pages.
  expect([await run.ended, await mergedLines(run)]).toEqual([0, 40]);
}, 120_000);
