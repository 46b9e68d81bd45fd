import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readUserConfig } from '../../src/runtime/config/user-config.js';
import { ocrhub, root, type CliResult } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { noisyModel } from '../helpers/toy-network.js';
import { filesBelow } from './scenarios/scenario.js';

/* Twenty commands at once on one home folder: nothing is lost, nothing is between, and the next command works. */

const count = 20;

function atOnce(command: (i: number) => Promise<CliResult>): Promise<CliResult[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => command(i)));
}

function codesOf(results: readonly CliResult[]): Record<string, number> {
  const codes: Record<string, number> = {};
  for (const { code } of results) codes[String(code)] = (codes[String(code)] ?? 0) + 1;
  return codes;
}

it('config set: each value is kept', async () => {
  const home = await temporaryHome();
  const values = [
    ['port', '9001'],
    ['host', '127.0.0.2'],
    ['workers', '3'],
    ['home', home],
  ] as const;
  const results = await atOnce((i) => ocrhub(home, ['config', 'set', ...(values[i % 4] ?? [])]));
  expect([codesOf(results), results.find(({ code }) => code !== 0)?.stderr]).toEqual([{ 0: count }, undefined]);
  expect(readUserConfig(path.join(home, 'config.json'))).toEqual({
    port: 9001,
    host: '127.0.0.2',
    workers: 3,
    home,
  });
});

it('install: each package is there, whole', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  // Ten packages, each installed twice.
  for (let i = 0; i < 10; i++)
    await writeFiles(path.join(folder, String(i)), packageFiles(wordModule(`word${i}`, { word: `text${i}` })));
  const results = await atOnce((i) => ocrhub(home, ['install', path.join(folder, String(i % 10))]));
  expect([codesOf(results), results.find(({ code }) => code !== 0)?.stderr]).toEqual([{ 0: count }, undefined]);
  const { stdout } = await ocrhub(home, ['list', '--json']);
  const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name).sort();
  expect(names).toEqual(Array.from({ length: 10 }, (_, i) => `word${i}`));
  const picture = path.join(root, 'test', 'fixtures', 'pixel.png');
  expect((await ocrhub(home, ['run', 'word7', picture])).stdout).toContain('text7');
});

it('install and uninstall of one module: it is there, whole, or not', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word', { word: 'text' })));
  const results = await atOnce((i) =>
    ocrhub(home, i % 2 === 0 ? ['install', path.join(folder, 'word')] : ['uninstall', 'word']),
  );
  // 3: it was not installed at that moment.
  for (const { code, stderr } of results) expect([0, 3], stderr).toContain(code);
  const { stdout } = await ocrhub(home, ['list', '--json']);
  if (stdout.includes('"word"')) {
    const picture = path.join(root, 'test', 'fixtures', 'pixel.png');
    expect((await ocrhub(home, ['run', 'word', picture])).stdout).toContain('text');
  }
  expect(await ocrhub(home, ['install', path.join(folder, 'word')])).toMatchObject({ code: 0 });
});

it('serving start on one port: one serves, and the others say which', async () => {
  const [home, folder, port] = [await temporaryHome(), await temporaryFolder(), await freePort()];
  await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word')));
  await ocrhub(home, ['install', path.join(folder, 'word')]);
  const results = await atOnce(() => ocrhub(home, ['serving', 'start', '-m', 'word', '-p', String(port)]));
  for (const { code, stderr } of results) expect([0, 4], stderr).toContain(code);
  expect(codesOf(results)['0']).toBe(1);
  for (const { stderr } of results.filter(({ code }) => code === 4)) expect(stderr).toContain(String(port));
  const { stdout } = await ocrhub(home, ['serving', 'status', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ servers: [{ port }] });
  expect(await ocrhub(home, ['serving', 'stop', '-p', String(port)])).toMatchObject({ code: 0 });
});

it('download --from: the set is there, whole', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  const rec = noisyModel(randomBytes(100_000));
  await writeFile(path.join(folder, 'rec.onnx'), rec);
  await writeFile(path.join(folder, 'dict.txt'), 'a\nb\n');
  const results = await atOnce(() => ocrhub(home, ['download', 'ppocrv5-mobile-en', '--from', folder]));
  expect([codesOf(results), results.find(({ code }) => code !== 0)?.stderr]).toEqual([{ 0: count }, undefined]);
  const models = path.join(home, 'models', 'ppocrv5-mobile-en');
  expect(rec.equals(await readFile(path.join(models, 'rec.onnx')))).toBe(true);
  expect((await filesBelow(models)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('batch: each page has one line', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word')));
  await ocrhub(home, ['install', path.join(folder, 'word')]);
  await mkdir(path.join(folder, 'scans'));
  const picture = path.join(root, 'test', 'fixtures', 'pixel.png');
  for (let i = 0; i < 100; i++) await cp(picture, path.join(folder, 'scans', `${i}.png`));
  const command = ['batch', './scans', './out', '-m', 'word', '--workers', '1'];
  const results = await atOnce(() => ocrhub(home, command, { cwd: folder }));
  expect([codesOf(results), results.find(({ code }) => code !== 0)?.stderr]).toEqual([{ 0: count }, undefined]);
  const { stdout } = await ocrhub(home, ['batch', 'merge', './out'], { cwd: folder });
  const sources = stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { src: string }).src);
  expect([sources.length, new Set(sources).size]).toEqual([100, 100]);
});
