import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readUserConfig } from '../../src/runtime/config/user-config.js';
import { ocrhub, ocrhubJson, root, type CliResult } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder } from '../helpers/home.js';
import { noisyModel } from '../helpers/toy-network.js';

/* Commands in places with odd names, and in places with very many files. */

const picture = path.join(root, 'test', 'fixtures', 'pixel.png');

const odd: readonly (readonly [string, string])[] = [
  ['spaces', ' two  spaces '],
  ['a newline', 'one\ntwo'],
  ['quotes and a dollar', `it's "$HOME" \`x\``],
  ['other scripts', 'Ünïcødé 文字 🙂'],
  ['a dash first', '-m'],
  ['255 bytes', 'x'.repeat(255)],
  ['many levels', path.join(...Array.from({ length: 60 }, (_, i) => `level-${i}`))],
  ['a percent sign, a hash and a question mark', '100%25 #1?'],
];

describe.each(odd)('in a folder whose name has %s', (_, name) => {
  it('packages, defaults, models, runs and servers work', async () => {
    const folder = path.join(await temporaryFolder(), name);
    const home = path.join(folder, 'home');
    await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word', { word: 'text' })));
    await writeFiles(path.join(folder, 'given'), { 'dict.txt': 'a\nb\n' });
    await writeFile(path.join(folder, 'given', 'rec.onnx'), noisyModel(randomBytes(1000)));
    await mkdir(path.join(folder, 'scans'));
    for (const each of ['1.png', `${'y'.repeat(251)}.png`, '-o.png', 'a b\n.png'])
      await cp(picture, path.join(folder, 'scans', each));
    const run = async (...args: string[]): Promise<CliResult> => {
      const result = await ocrhub(home, args, { cwd: folder });
      expect([args, result.code, result.stderr.replaceAll('\r', '')]).toMatchObject([args, 0, expect.anything()]);
      return result;
    };
    await run('install', './word');
    expect(await ocrhubJson(home, ['list'])).toMatchObject([{ name: 'word' }]);
    await run('config', 'set', 'workers', '2');
    expect(readUserConfig(path.join(home, 'config.json'))).toEqual({ workers: 2 });
    await run('download', 'ppocrv5-mobile-en', '--from', './given');
    expect((await run('run', 'word', './scans/1.png')).stdout).toContain('text');
    await run('batch', './scans', './out', '-m', 'word', '--workers', '1');
    const lines = (await run('batch', 'merge', './out')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { status: string }).status)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const port = String(await freePort());
    try {
      await run('serving', 'start', '-m', 'word', '-p', port);
      expect(JSON.parse((await run('serving', 'status', '--json')).stdout)).toMatchObject({
        servers: [{ port: Number(port) }],
      });
    } finally {
      await ocrhub(home, ['serving', 'stop', '--all']);
    }
    await run('uninstall', 'word');
    await run('clear', '--yes');
  });
});

const many = 50_000;

describe('with 50,000 files', () => {
  it('in each folder of the home folder commands find theirs', async () => {
    const [home, folder] = [await temporaryFolder(), await temporaryFolder()];
    for (const name of ['logs', 'modules', 'models', 'serving', 'jobs']) await fill(path.join(home, name));
    await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word', { word: 'text' })));
    const codes = [];
    for (const args of [
      ['install', path.join(folder, 'word')],
      ['list'],
      ['models'],
      ['serving', 'status'],
      ['run', 'word', picture],
      ['clear', '--yes'],
      ['uninstall', 'word'],
    ])
      codes.push([args[0], (await ocrhub(home, args)).code]);
    expect(codes.map(([, code]) => code)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    // Files of nobody are left alone.
    expect((await namesIn(path.join(home, 'models'))).length).toBe(many);
  });

  it('run and batch read what they are given of a folder', async () => {
    const [home, folder] = [await temporaryFolder(), await temporaryFolder()];
    await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word', { word: 'text' })));
    await ocrhubJson(home, ['install', path.join(folder, 'word')]);
    await fill(path.join(folder, 'scans'));
    for (let i = 0; i < 10; i++) await cp(picture, path.join(folder, 'scans', `${i}.png`));
    const command = ['batch', './scans', './out', '-m', 'word', '--workers', '1', '--json'];
    const { code, stdout } = await ocrhub(home, command, { cwd: folder });
    // A line for each unit, and one for the whole.
    expect([code, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')]).toMatchObject([0, { pages: 10, done: 10 }]);
    const lines = await ocrhub(home, ['run', 'word', './scans', '-f', 'jsonl', '-o', './lines.jsonl'], { cwd: folder });
    expect([lines.code, lines.stderr]).toMatchObject([0, expect.anything()]);
    expect((await readFile(path.join(folder, 'lines.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(10);
  });
});

/** Empty files that are nobody's. */
async function fill(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < many; i += 500)
    await Promise.all(Array.from({ length: 500 }, (_, j) => writeFile(path.join(folder, `note-${i + j}.txt`), '')));
}
