import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { predict, startServer, until } from '../helpers/server.js';

interface Cleared {
  readonly removed: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly leftovers: readonly { readonly kind: string; readonly path: string }[];
}

const clear = (home: string): Promise<Cleared> => ocrhubJson<Cleared>(home, ['clear', '--yes']);

/** Files of 1000 bytes, written an hour ago. */
async function old(home: string, ...files: readonly string[]): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const file of files) {
    const place = path.join(home, file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, 'x'.repeat(1000));
    await utimes(place, hourAgo, hourAgo);
    await utimes(path.dirname(place), hourAgo, hourAgo);
  }
}

async function filesIn(home: string): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(home, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

async function installWord(home: string): Promise<void> {
  const source = await temporaryFolder();
  await ocrhubJson(home, ['install', await writeFiles(source, packageFiles(wordModule('word')))]);
}

it('clear removes unused files and prints their number and size', async () => {
  const home = await temporaryFolder();
  await installWord(home);
  const port = String(await freePort());
  const kept = await filesIn(home);
  const leftovers = [
    `logs/${port}.log`,
    `logs/${port}.log.1`,
    `logs/${port}.out`,
    'logs/starting-4711-0a1b2c3d.out',
    `serving/${port}.json`,
    'modules/.staging-0011aabb/bundle.mjs',
    'modules/word/1.0.0/0123456789abcdef/bundle.mjs',
    'modules/word/1.0.0/current.json.4711',
    'modules/gone/2.0.0/0123456789abcdef/bundle.mjs',
    'models/set/rec.onnx.part',
    'models/set/rec.onnx.sha256.0a1b2c3d4e5f',
    'models/set/det.onnx.sha256.2871239112',
    'models/.0a1b2c3d4e5f/rec.onnx',
    'cache/precision.json',
  ];
  await old(home, ...leftovers);
  const cleared = await clear(home);
  expect(cleared).toMatchObject({ removed: true, files: leftovers.length, bytes: leftovers.length * 1000 });
  expect(cleared.leftovers.map(({ kind }) => kind).sort()).toEqual(
    [
      ...['cache', 'copy', 'copy', 'copy', 'download', 'log', 'log', 'log', 'state'],
      ...['temporary', 'temporary', 'temporary', 'temporary', 'temporary'],
    ].sort(),
  );
  expect(await filesIn(home)).toEqual(kept);
  expect(await readdir(path.join(home, 'modules'))).toEqual(['word']);
});

it('clear leaves files that a command may be writing', async () => {
  const home = await temporaryFolder();
  const young = [
    'modules/.staging-0011aabb/bundle.mjs',
    'modules/word/1.0.0/0123/bundle.mjs',
    'models/set/rec.onnx.part',
    'models/set/rec.onnx.sha256.0a1b2c3d4e5f',
    'models/.0a1b2c3d4e5f/rec.onnx',
  ];
  await writeFiles(home, Object.fromEntries(young.map((file) => [file, 'x'])));
  await old(home, 'models/set/det.onnx', 'models/set/det.onnx.sha256');
  const kept = await filesIn(home);
  expect(await clear(home)).toEqual({ removed: false, files: 0, bytes: 0, leftovers: [] });
  expect(await filesIn(home)).toEqual(kept);
});

it('clear keeps the files of a running server', async () => {
  const home = await temporaryHome();
  await installWord(home);
  const server = await startServer(home, { flags: ['-m', 'word'] });
  await ocrhubJson(home, ['uninstall', 'word']);
  await old(home, `logs/${server.port}.log.1`);
  const kept = await filesIn(home);
  expect(await clear(home)).toMatchObject({ removed: false });
  expect(await filesIn(home)).toEqual(kept);
  // A process that replaces one that died loads the copy anew.
  const restarted = await ocrhub(home, ['serving', 'status', '--json']);
  expect(restarted.code).toBe(0);
  expect(opened(await predict(server, 'word', { images: [fixture('pixel.png')] })).results).toEqual(['one']);
});

it('clear keeps the files of a starting server that has no port yet', async () => {
  const home = await temporaryHome();
  const module = wordModule('word').replace('predict:', 'initialize: () => sleep(4000),\n  predict:');
  const head = "import { setTimeout as sleep } from 'node:timers/promises';\n";
  await ocrhubJson(home, ['install', await writeFiles(await temporaryFolder(), packageFiles(head + module))]);
  const port = await freePort();
  await old(home, `logs/${port}.log.1`);
  const started = startServer(home, { flags: ['-m', 'word'], port });
  const logs = (): Promise<string[]> => namesIn(path.join(home, 'logs'));
  await until('the server has begun its log', logs, (names) => names.includes(`${port}.log`));
  expect(await clear(home)).toMatchObject({ removed: false });
  expect((await logs()).sort()).toEqual([`${port}.log`, `${port}.log.1`, `${port}.out`]);
  await started;
  expect(await ocrhub(home, ['serving', 'logs', '-p', String(port)])).toMatchObject({ code: 0 });
});

/** Items of the store of jobs, with a time for the file that each has. */
async function addItems(home: string, ages: Readonly<Record<string, number>>): Promise<void> {
  for (const [file, ms] of Object.entries(ages)) {
    const place = path.join(home, 'jobs', file);
    const then = new Date(Date.now() - ms);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, 'x'.repeat(1000));
    await utimes(place, then, then);
    await utimes(path.dirname(place), then, then);
  }
}

it('clear removes expired jobs and files, but only while no server runs', async () => {
  const home = await temporaryHome();
  const day = 86_400_000;
  const name = (digit: string): string => digit.repeat(40);
  await addItems(home, {
    [`j${name('1')}/head.json`]: 3 * day,
    [`j${name('1')}/outcome.json`]: 2 * day,
    [`f${name('2')}/head.json`]: 2 * day,
    [`new-j${name('3')}/head.json`]: day / 24,
    [`gone-f${name('4')}/file-0`]: day / 24,
  });
  // Finished an hour ago, waiting, in work, being written, and a folder that is no item.
  const kept = {
    [`j${name('5')}/head.json`]: 3 * day,
    [`j${name('5')}/outcome.json`]: day / 24,
    [`j${name('6')}/head.json`]: day / 24,
    [`j${name('7')}/head.json`]: 3 * day,
    [`j${name('7')}/claim-1`]: 0,
    [`new-j${name('8')}/head.json`]: 0,
    'notes/a.txt': 3 * day,
  };
  await addItems(home, kept);
  await installWord(home);
  const all = await filesIn(path.join(home, 'jobs'));

  // Its own time is longer than the usual one.
  const server = await startServer(home, { flags: ['-m', 'word', '--keep_jobs', String(30 * 86_400)] });
  expect(await clear(home)).toMatchObject({ removed: false });
  const stayed = all.filter((file) => !/^(?:new-j3|gone-f4)/.test(file));
  expect(await filesIn(path.join(home, 'jobs'))).toEqual(expect.arrayContaining(stayed));
  await ocrhub(home, ['serving', 'stop', '-p', String(server.port)]);

  const { leftovers } = await clear(home);
  const jobs = leftovers.filter(({ kind }) => kind === 'job').map((item) => path.basename(item.path));
  expect(jobs).toEqual(expect.arrayContaining([`j${name('1')}`, `f${name('2')}`]));
  expect(await filesIn(path.join(home, 'jobs'))).toEqual(Object.keys(kept).sort());
});

it('clear removes a recent cache while no server runs, also a folder in its place', async () => {
  const home = await temporaryHome();
  await writeFiles(home, { 'cache/precision.json': '{}', 'cache/folder/precision.json': 'x' });
  await installWord(home);
  const server = await startServer(home, { flags: ['-m', 'word'] });
  expect((await clear(home)).leftovers).toEqual([]);
  await ocrhub(home, ['serving', 'stop', '-p', String(server.port)]);
  const cached = (await clear(home)).leftovers.filter(({ kind }) => kind === 'cache');
  expect(cached.map((leftover) => path.basename(leftover.path)).sort()).toEqual(['folder', 'precision.json']);
  expect(await readdir(path.join(home, 'cache'))).toEqual([]);
});

it('clear without a terminal asks for --yes and removes nothing', async () => {
  const home = await temporaryFolder();
  const log = `logs/${await freePort()}.log`;
  await old(home, log);
  const { code, stdout, stderr } = await ocrhub(home, ['clear']);
  expect(code).toBe(2);
  expect(stdout).toContain(path.join(home, log));
  expect(stderr).toBe(
    'Error: Removing 1 file, 1.0 kB needs confirmation, and there is no terminal to ask on\nConfirm with: ocrhub clear --yes\n',
  );
  expect(await ocrhubJson(home, ['clear'], 2)).toMatchObject({ error: { code: 'confirmation_needed' } });
  expect(await filesIn(home)).toEqual([log]);
});

it('clear says that there is nothing to remove', async () => {
  const result = await ocrhub(await temporaryFolder(), ['clear']);
  expect(result).toEqual({ code: 0, stdout: 'There is nothing to remove\n', stderr: '' });
});
