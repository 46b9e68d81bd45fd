import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { listInputs } from '../../../src/runtime/inputs/list.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

const emptyFiles = async (...names: string[]): Promise<string> =>
  writeFiles(await temporaryFolder(), Object.fromEntries(names.map((name) => [name, ''])));

const filesOf = async (...words: string[]): Promise<string[]> => (await listInputs(words)).map(({ file }) => file);

it('listInputs accepts a named file with any extension', async () => {
  const file = path.join(await emptyFiles('scan.data'), 'scan.data');
  expect(await listInputs([file])).toEqual([{ file, relative: 'scan.data', isNamed: true }]);
});

describe('listInputs of a folder', () => {
  it('returns the pictures and PDF files in it and its subfolders, sorted by name, and no other files', async () => {
    const names = ['b.JPG', 'a.png', 'c.txt', 'sub/d.webp', 'e.jpeg', 'f.tif', 'g.tiff', 'h.gif', 'i.bmp', 'j.PDF'];
    const found = await listInputs([await emptyFiles(...names)]);
    const expected = [
      'a.png',
      'b.JPG',
      'e.jpeg',
      'f.tif',
      'g.tiff',
      'h.gif',
      'i.bmp',
      'j.PDF',
      path.join('sub', 'd.webp'),
    ];
    expect(found.map(({ relative }) => relative)).toEqual(expected);
    expect(found.some(({ isNamed }) => isNamed)).toBe(false);
  });

  it('leaves out the drawings that an earlier run put beside its files', async () => {
    const folder = await emptyFiles('a.jpg', 'a.lines.png', 'b.page-2.lines.png', 'lines.png');
    expect(await filesOf(folder)).toEqual([path.join(folder, 'a.jpg'), path.join(folder, 'lines.png')]);
  });

  it('does not treat a folder named like a picture as a picture', async () => {
    const folder = await emptyFiles('album.png/one.png');
    expect(await filesOf(folder)).toEqual([path.join(folder, 'album.png', 'one.png')]);
  });

  it.skipIf(process.platform === 'win32')(
    'follows links to pictures and skips pipes, which would block the reader forever',
    async () => {
      const folder = await emptyFiles('a.png', 'in/b.png');
      await symlink('a.png', path.join(folder, 'link.png'));
      await symlink('in', path.join(folder, 'link-to-folder.png'));
      await symlink('gone', path.join(folder, 'link-to-nothing.png'));
      await promisify(execFile)('mkfifo', [path.join(folder, 'pipe.png')]);
      await symlink('pipe.png', path.join(folder, 'link-to-pipe.png'));
      const found = (await listInputs([folder])).map(({ relative }) => relative);
      // A broken link is reported when it is read.
      expect(found).toEqual(['a.png', path.join('in', 'b.png'), 'link-to-nothing.png', 'link.png']);
    },
  );

  it('is refused with the known extensions if it holds no picture', async () => {
    const folder = await emptyFiles('notes.txt');
    await expect(listInputs([folder])).rejects.toMatchObject({
      message: `There is no picture and no PDF file in ${folder} (.jpg, .jpeg, .png, .webp, .tif, .tiff, .gif, .bmp, .pdf)`,
      exitCode: 3,
    });
  });
});

describe('listInputs of a pattern', () => {
  const names = ['a/x.jpg', 'a/y.jpeg', 'a/.hidden.jpg', 'a/b c/z.jpg', 'a/notes.txt', 'q.jpg'];

  it.each([
    ['*.jpg', ['q.jpg'], ['q.jpg']],
    ['a/*.jpg', ['a/x.jpg'], ['x.jpg']],
    ['a/*.{jpg,jpeg}', ['a/x.jpg', 'a/y.jpeg'], ['x.jpg', 'y.jpeg']],
    ['**/*.jpg', ['a/b c/z.jpg', 'a/x.jpg', 'q.jpg'], ['a/b c/z.jpg', 'a/x.jpg', 'q.jpg']],
    ['a/b ?/*', ['a/b c/z.jpg'], ['b c/z.jpg']],
    ['{a,a/b c}/*.jpg', ['a/b c/z.jpg', 'a/x.jpg'], ['a/b c/z.jpg', 'a/x.jpg']],
    ['a/*', ['a/notes.txt', 'a/x.jpg', 'a/y.jpeg'], ['notes.txt', 'x.jpg', 'y.jpeg']],
  ])(
    '%s finds the files that match, sorted, with their paths from the first wildcard',
    async (pattern, files, paths) => {
      const folder = await emptyFiles(...names);
      const found = await listInputs([`${folder}/${pattern}`]);
      expect(found.map(({ file }) => file)).toEqual(files.map((file) => path.join(folder, file)));
      expect(found.map(({ relative }) => relative)).toEqual(paths.map((each) => path.normalize(each)));
    },
  );

  it('is refused if nothing matches', async () => {
    await expect(listInputs(['/nowhere/*.jpg'])).rejects.toMatchObject({
      message: 'No file matches /nowhere/*.jpg',
      exitCode: 3,
    });
  });

  it('takes a file that is called as the pattern is written', async () => {
    const folder = await emptyFiles('page[1].jpg', 'page1.jpg');
    expect(await filesOf(`${folder}/page[1].jpg`)).toEqual([path.join(folder, 'page[1].jpg')]);
  });
});

it('listInputs keeps the order of its arguments', async () => {
  const folder = await emptyFiles('z.png', 'in/a.png');
  const [file, inner] = [path.join(folder, 'z.png'), path.join(folder, 'in')];
  expect(await filesOf(file, '-', inner)).toEqual([file, '-', path.join(inner, 'a.png')]);
});

it('listInputs lists each file once, where it comes first', async () => {
  const folder = await emptyFiles('a.png', 'b.png');
  const [a, b] = ['a.png', 'b.png'].map((name) => path.join(folder, name)) as [string, string];
  expect(await filesOf(b, folder, '-', `${folder}/*.png`, path.join(folder, '.', 'b.png'), '-')).toEqual([b, a, '-']);
});

it('listInputs names a missing file', async () => {
  await expect(listInputs(['/nowhere/a.png'])).rejects.toMatchObject({
    message: '/nowhere/a.png does not exist',
    exitCode: 3,
  });
});
