import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder, temporaryHome } from '../helpers/home.js';
import { faultEnv } from '../steps/fault-env.js';

it('create writes a package with a new name that can be installed', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  const target = path.join(folder, 'receipts');
  expect(await ocrhubJson(home, ['create', target, '--from', 'ocr_det'])).toEqual({ name: 'receipts', path: target });
  expect(JSON.parse(await readFile(path.join(target, 'config.json'), 'utf8'))).toMatchObject({
    modules_info: { receipts: { init_args: { version: '1.0.0' } } },
  });
  expect(await ocrhubJson(home, ['install', target])).toMatchObject({ name: 'receipts', version: '1.0.0' });
});

it('create refuses a package whose module.ts has no name that it could change', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  const module = wordModule('noisy').replace("name: 'noisy'", 'name: NAME');
  const from = await writeFiles(path.join(folder, 'noisy'), packageFiles(`const NAME = 'noisy';\n${module}`));
  const target = path.join(folder, 'mine');
  const { code, stderr } = await ocrhub(home, ['create', target, '--from', from]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Error: --from is /);
  expect(stderr).toContain('no module name found in module.ts; write it as defineModule(');
  expect(await namesIn(folder)).toEqual(['noisy']);
});

it('create fills an empty folder without replacing it', async () => {
  const [home, folder] = [await temporaryHome(), path.join(await temporaryFolder(), 'mine')];
  await mkdir(folder);
  const { ino } = await stat(folder);
  expect(await ocrhub(home, ['create', '.', '--from', 'ocr_det'], { cwd: folder })).toMatchObject({ code: 0 });
  expect((await stat(folder)).ino).toBe(ino);
  expect(await namesIn(folder)).toEqual(['config.json', 'index.ts', 'module.ts', 'params.ts', 'tsconfig.json']);
  expect(await ocrhubJson(home, ['install', folder])).toMatchObject({ name: 'mine' });
});

it('create refuses a folder inside the copied one', async () => {
  const [home, folder] = [await temporaryHome(), path.join(await temporaryFolder(), 'mine')];
  await ocrhub(home, ['create', folder]);
  const before = await namesIn(folder);
  const { code, stderr } = await ocrhub(home, ['create', './copy', '--from', '.'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain('Error: folder is "./copy": it is inside the copied folder; choose one outside it');
  expect(await namesIn(folder)).toEqual(before);
});

it.each(['null', '[]', '"text"'])('create refuses a package whose config.json is %s', async (config) => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  const from = await writeFiles(path.join(folder, 'word'), {
    ...packageFiles(wordModule('word')),
    'config.json': config,
  });
  const { code, stderr } = await ocrhub(home, ['create', path.join(folder, 'mine'), '--from', from]);
  expect(code).toBe(2);
  expect(stderr).toBe(`Error: ${path.join(from, 'config.json')} is ${config}: expected an object\n`);
  expect(await namesIn(folder)).toEqual(['word']);
});

it('create accepts a config.json with a byte order mark', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  const from = await writeFiles(path.join(folder, 'word'), {
    ...packageFiles(wordModule('word')),
    'config.json': '\ufeff{"modules_info": {"word": {"init_args": {"version": "1.0.0"}}}, "port": 9599}',
  });
  expect(await ocrhubJson(home, ['install', from])).toMatchObject({ name: 'word' });
  const target = path.join(folder, 'mine');
  await ocrhubJson(home, ['create', target, '--from', from]);
  expect(JSON.parse(await readFile(path.join(target, 'config.json'), 'utf8'))).toEqual({
    modules_info: { mine: { init_args: { version: '1.0.0' } } },
    port: 9599,
  });
});

it('create refuses a folder that is not empty, and a file, and does not change them', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  const file = path.join(folder, 'notes');
  await writeFile(file, 'mine');
  for (const target of [folder, file]) {
    const { code, stderr } = await ocrhub(home, ['create', target, '--name', 'notes']);
    expect(code).toBe(4);
    expect(stderr).toContain(`${target} already exists and is not empty`);
  }
  expect(await readFile(file, 'utf8')).toBe('mine');
});

it('install installs all of several packages or none', async () => {
  const [home, folder] = [await temporaryHome(), await temporaryFolder()];
  const { code } = await ocrhub(home, ['install', 'ocr_det', path.join(folder, 'missing')]);
  expect(code).toBe(3);
  expect(await ocrhubJson(home, ['list'])).toEqual([]);
});

it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO', 'EMFILE'])(
  'create says which folder cannot be written, and leaves none, when its last step fails with %s',
  async (kind) => {
    const folder = await temporaryFolder();
    const home = path.join(folder, 'home');
    const env = faultEnv({ below: [path.join(folder, 'mine')] }, { at: 1, kind });
    const { code, stdout } = await ocrhub(home, ['create', 'mine', '--json'], { cwd: folder, env });
    expect([code, JSON.parse(stdout)]).toMatchObject([
      5,
      { error: { code: 'folder_unwritable', message: expect.stringContaining(kind) as string } },
    ]);
    expect(await readdir(folder)).toEqual([]);
  },
);
