import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { homeAt, homeError } from '../../src/runtime/config/home.js';
import { ocrhub, root, withoutVitest, type CliResult } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

const run = path.join(root, 'bin', 'run.js');

const writing = [['install', 'ocr_det'], ['config', 'set', 'port', '8868'], ['list']];

it.each(writing)('a file in the place of the home folder is named by %s %s', async (...args) => {
  const home = path.join(await temporaryFolder(), 'file');
  await writeFile(home, '');
  const { code, stdout, stderr } = await ocrhub(home, args);
  expect([code, stdout]).toEqual([5, '']);
  expect(stderr).toMatch(
    /^Error: The home folder of ocrhub, .*file, cannot be used: E\w+: .*\nMake it a writable folder with free space, /,
  );
});

const hint = 'Make it a writable folder with free space, or set another: OCRHUB_HOME';

it.each([...writing, ['serving', 'stop'], ['config', 'unset', '--all']])(
  'a file in the place of ~/.ocrhub is named by %s %s',
  async (...args) => {
    const user = await temporaryFolder();
    const home = path.join(user, '.ocrhub');
    await writeFile(home, '');
    const { code, stdout } = await ocrhub('', [...args, '--json'], { env: { HOME: user, USERPROFILE: user } });
    expect(code).toBe(5);
    const message = expect.stringContaining(`${home}, cannot be used: `) as string;
    // The defaults would lie in that very folder: `config set home` cannot help.
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'home_unusable', message, hint: `${hint}.` } });
  },
);

it('a file in the place of the home folder from the defaults is named, with the command to set another', async () => {
  const user = await temporaryFolder();
  const home = path.join(user, 'file');
  await writeFile(home, '');
  const env = { HOME: user, USERPROFILE: user };
  expect((await ocrhub('', ['config', 'set', 'home', home], { env })).code).toBe(0);
  const { code, stderr } = await ocrhub('', ['install', 'ocr_det'], { env });
  expect(code).toBe(5);
  expect(stderr).toContain(`${home}, cannot be used: `);
  expect(stderr).toContain(`${hint}, or ocrhub config set home PATH.`);
});

// Node's own recursive mkdir never ends there. The bound ends a test that would fail anyway.
it.skipIf(process.platform !== 'linux').each([
  ['install', 'ocr_det'],
  ['config', 'set', 'port', '8868'],
  ['config', 'unset', 'port'],
  ['run', './src/modules/ocr_det', 'test/fixtures/pixel.png'],
  ['serving', 'start', '-m', './src/modules/ocr_det'],
])('a home folder that cannot be created ends %s %s (Linux only: /proc)', { timeout: 20_000 }, async (...args) => {
  const { code, stdout, stderr } = await ocrhub('/proc/x', args, { timeout: 15_000 });
  expect([code, stdout]).toEqual([5, '']);
  expect(stderr).toMatch(/^Error: The home folder of ocrhub, \/proc\/x, cannot be used: ENOENT: .*mkdir '\/proc\/x'/);
});

it('create needs no home folder', async () => {
  const folder = await temporaryFolder();
  const home = path.join(folder, 'file');
  await writeFile(home, '');
  expect((await ocrhub(home, ['create', './x'], { cwd: folder })).code).toBe(0);
});

it.skipIf(process.platform === 'win32')(
  'a home folder that may not be written is named, with what to do (Windows has no such permissions)',
  async () => {
    const home = path.join(await temporaryFolder(), 'home');
    await mkdir(home);
    await chmod(home, 0o555);
    await chmod(path.dirname(home), 0o755);
    const { code, stdout } = await ocrhub(home, ['install', 'ocr_det', '--json'], {
      cwd: '/',
      env: { HOME: path.dirname(home) },
      asNobody: true,
    });
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: 'home_unusable',
        message: expect.stringContaining(`${home}, cannot be used: EACCES: permission denied`) as string,
        hint: expect.stringContaining('OCRHUB_HOME') as string,
      },
    });
  },
);

it('an I/O error outside the home folder, or of another kind, is not blamed on the home folder', () => {
  const home = homeAt(path.resolve('/h/home'), path.resolve('/h/home/config.json'));
  const of = (code: string, file: string): unknown =>
    homeError(home, Object.assign(new Error('no'), { code, path: path.resolve(file) }));
  expect(of('EACCES', '/h/home/modules')).toMatchObject({ code: 'home_unusable' });
  expect(of('EACCES', '/h/homework')).toBeUndefined();
  expect(of('ENOENT', '/h/home/modules')).toBeUndefined();
  expect(homeError(home, new Error('no'))).toBeUndefined();
});

it('a full disk is blamed on the home folder if the error names no path, or a path inside it', () => {
  const home = homeAt(path.resolve('/h/home'), path.resolve('/h/home/config.json'));
  const of = (places: object): unknown =>
    homeError(home, Object.assign(new Error('no'), { code: 'ENOSPC', ...places }));
  expect(of({ syscall: 'write' })).toMatchObject({ code: 'home_unusable', details: { folder: home.root } });
  expect(of({ path: '/src/module.ts', dest: path.resolve('/h/home/modules/x') })).toMatchObject({
    code: 'home_unusable',
  });
  expect(of({ path: path.resolve('/h/home/models/rec.onnx'), dest: path.resolve('/mnt/x') })).toBeUndefined();
});

it.skipIf(process.platform === 'win32')(
  'a package folder that cannot be written is named, and nothing is left of the package',
  async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o555);
    const target = path.join(folder, 'mine');
    const result = await ocrhub('/nonexistent', ['create', target], {
      cwd: '/',
      env: { HOME: folder },
      asNobody: true,
    });
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(result.stderr).toMatch(
      /^Error: .*mine cannot be written: EACCES: .*\nChoose a writable folder with free space\.\n$/,
    );
  },
);

it.skipIf(process.platform === 'win32')(
  'a removed working directory is named where it is needed, and harmless elsewhere (skipped on Windows: it cannot be removed)',
  async () => {
    const folder = await temporaryFolder();
    const word = await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word')));
    const inGone = (home: string, args: string): Promise<CliResult> =>
      runShell(
        folder,
        `mkdir gone && cd gone && rmdir ../gone && OCRHUB_HOME="${home}" exec "${process.execPath}" "${run}" ${args}`,
      );
    expect((await inGone(path.join(folder, 'home'), 'list')).code).toBe(0);
    for (const [home, args] of [
      [path.join(folder, 'home'), `install "${word}"`],
      ['relative', 'list'],
    ] as const) {
      const { code, stderr } = await inGone(home, args);
      expect([args, code]).toEqual([args, 5]);
      expect(stderr).toMatch(
        /Error: The working directory of this command was removed\nChange into a folder that exists: cd\n$/,
      );
    }
  },
);

function runShell(cwd: string, command: string): Promise<CliResult> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd, env: withoutVitest(process.env) }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
