import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ResultLine } from '../../src/runtime/batch/results/result-line.js';
import type { BatchStatus } from '../../src/runtime/batch/results/status.js';
import { ocrhub, ocrhubJson, root, withoutVitest } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { makePdf } from '../helpers/pdf.js';
import { until } from '../helpers/server.js';
import { slowPackage } from '../helpers/slow-package.js';

const fixtures = path.join(root, 'test', 'fixtures');

let home: string;
let folder: string;
let scans: string;
let out: string;

beforeEach(async () => {
  home = path.join(await temporaryFolder(), 'empty');
  folder = await temporaryFolder();
  scans = path.join(folder, 'scans');
  out = path.join(folder, 'out');
});

async function manyPictures(count: number): Promise<string[]> {
  await mkdir(scans, { recursive: true });
  const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(4, '0')}.png`);
  for (const name of names) await cp(path.join(fixtures, 'tiny.png'), path.join(scans, name));
  return names;
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [path.join(root, 'bin', 'run.js'), 'batch', ...args], {
    env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', (code) => resolve(code)));

async function lines(): Promise<ResultLine[]> {
  const { stdout } = await ocrhub(home, ['batch', 'merge', out]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ResultLine);
}

const resultsIn = async (): Promise<string[]> => readdir(path.join(out, 'results')).catch(() => []);

describe('batch', () => {
  it('reads pictures and all pages of PDF files with the stock module', async () => {
    await mkdir(path.join(scans, 'sub'), { recursive: true });
    await cp(path.join(fixtures, 'line.png'), path.join(scans, 'line.png'));
    const pdf = await makePdf([{ text: ['Hello from page one'] }, { text: ['Second page'] }]);
    await writeFile(path.join(scans, 'sub', 'two.pdf'), pdf);
    await writeFile(path.join(scans, 'broken.jpg'), 'no picture');
    const { code, stdout, stderr } = await ocrhub(home, ['batch', scans, out]);
    expect([code, stdout.split('\n')[0], stderr]).toEqual([5, '4 pages of 4 read, 1 of them with an error', '']);
    const texts = (await lines()).map((line) => [
      line.src,
      line.page,
      line.status === 'ok' ? (line.result as { text: string }[]).map(({ text }) => text) : line.error.code,
    ]);
    expect(texts).toEqual([
      ['broken.jpg', 1, 'image_unreadable'],
      ['line.png', 1, ['识别一行文字 One line of text']],
      ['sub/two.pdf', 1, ['Hello from page one']],
      ['sub/two.pdf', 2, ['Second page']],
    ]);

    const merged = await ocrhub(home, ['batch', 'merge', out, '-f', 'text', '-o', path.join(folder, 'texts')]);
    expect([merged.code, merged.stderr]).toEqual([
      0,
      expect.stringContaining('broken.jpg, page 1: not a readable file'),
    ]);
    expect(await readFile(path.join(folder, 'texts', 'sub', 'two.pdf.txt'), 'utf8')).toBe(
      'Hello from page one\n\fSecond page\n',
    );
    const retried = await ocrhub(home, ['batch', 'retry', out]);
    expect(retried.stdout).toBe(`1 page will be read again\nGo on: ocrhub batch ${scans} ${out}\n`);
    await cp(path.join(fixtures, 'line.png'), path.join(scans, 'later.png'));
    const again = await jsonLinesOf(['batch', scans, out, '--json'], 5);
    expect(again.at(-1)).toMatchObject({ pages: 4, done: 4, errors: { image_unreadable: 1 }, finished: true });
  });

  it('retry says that a run with a module and options needs them again', async () => {
    await mkdir(scans, { recursive: true });
    await writeFile(path.join(scans, 'broken.pdf'), '%PDF-1.7 and no more');
    const module = await slowPackage(0);
    expect((await ocrhub(home, ['batch', scans, out, '--module', module, '--dpi', '300'])).code).toBe(5);
    const { stdout } = await ocrhub(home, ['batch', 'retry', out]);
    expect(stdout).toBe(
      `1 page will be read again\nGo on with the options of the run's start, of the module slow: ocrhub batch ${scans} ${out} ...\n`,
    );
  });

  it('two workers that are killed at random and started again leave one line for each page', async () => {
    const names = await manyPictures(150);
    const args = [scans, out, '--module', await slowPackage(15), '--workers', '1'];
    for (let kills = 0; kills < 3; kills++) {
      const before = (await resultsIn()).length;
      const workers = [start(args), start(args)];
      const ends = workers.map(ended);
      await until(
        'a further result',
        resultsIn,
        (results) => results.length > before || workers.every(({ exitCode }) => exitCode !== null),
      );
      for (const worker of workers) worker.kill('SIGKILL');
      await Promise.all(ends);
    }
    expect(await ended(start(args))).toBe(0);
    expect((await lines()).map(({ src }) => src)).toEqual(names);
    expect(await ocrhubJson<BatchStatus>(home, ['batch', 'status', out])).toMatchObject({
      pages: 150,
      done: 150,
      failed: 0,
      unitsHeld: 0,
      finished: true,
    });
  });

  it('SIGTERM keeps what was read, and the exit code tells it', async () => {
    await manyPictures(128);
    const args = [scans, out, '--module', await slowPackage(30), '--workers', '1'];
    const worker = start(args);
    const end = ended(worker);
    await until('a result', resultsIn, (results) => results.length > 0);
    worker.kill('SIGTERM');
    expect(await end).toBe(143);
    expect(await readdir(path.join(out, 'leases'))).toEqual([]);
    expect(await ended(start(args))).toBe(0);
    expect(await lines()).toHaveLength(128);
  });

  it('a shard that is read ends with 0, and says that the run waits for the others', async () => {
    await manyPictures(64);
    const args = ['batch', scans, out, '--module', await slowPackage(0)];
    const first = await ocrhub(home, [...args, '--shard', '1/2']);
    expect([first.code, first.stdout]).toEqual([0, '32 pages of 64 read, 0 of them with an error\n']);
    expect(first.stderr).toContain('This shard is read. The run is finished when all shards are');
    const second = await ocrhub(home, [...args, '--shard', '2/2']);
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining('64 pages of 64 read')]);
  });

  it('refuses other options than those of the run, with both values', async () => {
    await manyPictures(1);
    const module = await slowPackage(0);
    await ocrhub(home, ['batch', scans, out, '--module', module]);
    const { code, stderr } = await ocrhub(home, ['batch', scans, out, '--module', module, '--dpi', '300']);
    expect(code).toBe(4);
    expect(stderr).toContain(`The run in ${out} was started with reading {}, and this command has {"dpi":300}`);
  });

  it.each([
    ['an input that is not there', ['nothing', 'out'], 3, 'nothing'],
    ['an empty folder', ['.', 'out'], 3, 'There is no picture and no PDF file in .'],
    ['a shard out of range', ['.', 'out', '--shard', '4/3'], 2, '--shard is "4/3"'],
    ['no output', ['.'], 2, 'output'],
    ['a run that is not there', ['status', '.'], 3, 'There is no run in .'],
  ])('refuses %s', async (_, args, exitCode, message) => {
    const { code, stderr } = await ocrhub(home, ['batch', ...args], { cwd: folder });
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
  });
});

/** Each JSON line that a command prints. */
async function jsonLinesOf(args: readonly string[], exitCode: number): Promise<unknown[]> {
  const { code, stdout } = await ocrhub(home, args);
  expect(code).toBe(exitCode);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
