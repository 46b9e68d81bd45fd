import path from 'node:path';
import { expect, it } from 'vitest';
import { splitModule } from '../../../src/commands/_module-argument.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

it.each(['ocr_system', 'ocr_system==1.0.0', './nowhere', 'nowhere/at/all'])(
  '%s is taken as the module',
  async (word) => {
    expect(await splitModule([word, 'page.jpg'], undefined)).toEqual({ module: word, paths: ['page.jpg'] });
  },
);

it.each(['-', 'page.jpg', './gone.PDF', 'scans/*.jpg', 'scans/{a,b}.data'])('%s is taken as a file', async (word) => {
  expect(await splitModule([word, 'page.jpg'], undefined)).toEqual({ module: undefined, paths: [word, 'page.jpg'] });
});

it('a folder is the module if it has a source file of a package, and otherwise a folder of files', async () => {
  const folder = await writeFiles(await temporaryFolder(), { 'mine/module.js': '', 'scans/notes.txt': '', file: '' });
  const [mine, scans, file] = ['mine', 'scans', 'file'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  expect((await splitModule([mine, scans], undefined)).module).toBe(mine);
  expect((await splitModule([scans, mine], undefined)).module).toBeUndefined();
  expect((await splitModule([file], undefined)).module).toBeUndefined();
});

it('all arguments are files if --module names the module', async () => {
  expect(await splitModule(['ocr_det', 'page.jpg'], 'mine')).toEqual({
    module: 'mine',
    paths: ['ocr_det', 'page.jpg'],
  });
});

it('no arguments are no module', async () => {
  expect(await splitModule([], undefined)).toEqual({ module: undefined, paths: [] });
});
