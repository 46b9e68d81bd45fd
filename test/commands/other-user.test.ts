import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { wordModule, packageFiles, writeFiles } from '../helpers/files.js';
import { freePort, removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { startServer, type TestServer } from '../helpers/server.js';

/* Things that are there, and that the user may not read: no command may say that there are none. */

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!isLinuxRoot)('a home folder with the server of another user', () => {
  let home: string;
  let server: TestServer;
  beforeAll(async () => {
    home = await sharedHome();
    await chmod(home, 0o755);
    const folder = await writeFiles(path.join(await sharedHome(), 'word'), packageFiles(wordModule('word')));
    await ocrhubJson(home, ['install', folder]);
    server = await startServer(home, { flags: ['-m', 'word'] });
  });
  afterAll(() => removeHome(home));

  it.each([
    [['serving', 'status']],
    [['serving', 'stop', '-p', 'PORT']],
    [['serving', 'logs', '-p', 'PORT']],
    [['serving', 'restart', '-p', 'PORT']],
    [['list']],
    [['clear', '--yes']],
  ])('%j says that it may not look', async (args) => {
    const words = args.map((word) => word.replace('PORT', String(server.port)));
    const { code, stdout, stderr } = await ocrhub(home, words, { asNobody: true });
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('EACCES')]);
    // 1 would be a fault of ocrhub.
    expect([0, 1]).not.toContain(code);
    expect(stderr).not.toMatch(/No ocrhub server|There is no|No server/);
  });
});

it.skipIf(!isLinuxRoot)('a folder of states that may not be written is named, with the home folder', async () => {
  const home = await sharedHome();
  onTestFinished(() => removeHome(home));
  const folder = await writeFiles(path.join(await sharedHome(), 'word'), packageFiles(wordModule('word')));
  await ocrhubJson(home, ['install', folder]);
  await mkdir(path.join(home, 'serving'), { recursive: true });
  await promisify(execFile)('chown', ['-R', 'nobody', home]);
  await chown(path.join(home, 'serving'), 0, 0);
  await chmod(path.join(home, 'serving'), 0o755);
  const start = ['serving', 'start', '-m', 'word', '-p', String(await freePort())];
  const { code, stderr } = await ocrhub(home, start, { asNobody: true });
  expect(stderr).toContain(`The home folder of ocrhub, ${home}, cannot be used: listen EACCES`);
  expect(code).toBe(5);
});

describe.skipIf(!isLinuxRoot)('a place that may not be read', () => {
  it.each<[what: string, place: string, args: (root: string) => string[]]>([
    ['a package', 'pkg', (root) => ['install', `${root}/pkg`]],
    ['the folder above a package', 'above', (root) => ['install', `${root}/above/pkg`]],
    ['the config.json of a package', 'withconfig/config.json', (root) => ['install', `${root}/withconfig`]],
    ['a folder of models', 'models', (root) => ['run', 'IMAGE', '--set', `rec_model_dir=${root}/models/rec.onnx`]],
    ['the registry', 'home/modules', () => ['list']],
    ['an installed version', 'home/modules/word/1.0.0', () => ['list']],
    ['the pointer of an install', 'home/modules/word/1.0.0/current.json', () => ['show', 'word']],
    ['the folder of states', 'home/serving', () => ['serving', 'status']],
    ['the folder of states, for clear', 'home/serving', () => ['clear', '--yes']],
    ['the folder of logs, for clear', 'home/logs', () => ['clear', '--yes']],
    ['the folder of a log', 'home/logs', () => ['serving', 'logs', '-p', '18999']],
    ['a config file', 'serve.json', (root) => ['serving', 'start', '-c', `${root}/serve.json`]],
    ['a folder of pictures', 'pictures', (root) => ['run', `${root}/pictures`]],
    ['the results of a batch', 'out', (root) => ['batch', 'status', `${root}/out`]],
  ])('%s is not taken for a missing one', async (_, place, args) => {
    const root = await temporaryFolder();
    await chmod(root, 0o755);
    const home = path.join(root, 'home');
    for (const folder of ['pkg', 'above/pkg', 'withconfig']) {
      await writeFiles(path.join(root, folder), packageFiles(wordModule('word')));
    }
    await ocrhubJson(home, ['install', path.join(root, 'pkg')]);
    for (const folder of ['models', 'pictures', 'out', 'home/serving', 'home/logs']) {
      await mkdir(path.join(root, folder), { recursive: true });
    }
    for (const file of ['withconfig/config.json', 'serve.json', 'models/rec.onnx', 'pictures/a.png', 'out/run.json']) {
      await writeFile(path.join(root, file), '{}');
    }
    await writeFile(path.join(home, 'logs', '18999.log'), '');
    await chmod(path.join(root, place), 0o000);
    const words = args(root).map((word) => word.replace('IMAGE', path.resolve('test/fixtures/line.png')));
    const { code, stderr } = await ocrhub(home, words, { asNobody: true });
    await chmod(path.join(root, place), 0o755);
    expect([0, 1]).not.toContain(code);
    expect(stderr).toMatch(/EACCES|permission denied/);
    expect(stderr).not.toMatch(/There is no|is not installed|is damaged|is missing/);
  });
});
