import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { listPictures } from '../../../src/runtime/client/pictures.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

it('listPictures accepts a named file with any extension', async () => {
  const folder = await writeFiles(await temporaryFolder(), { 'scan.data': '' });
  const file = path.join(folder, 'scan.data');
  expect(await listPictures([file])).toEqual([file]);
});

it('listPictures returns the pictures of a folder and its subfolders, sorted by name, and no other files', async () => {
  const names = ['b.JPG', 'a.png', 'c.txt', 'sub/d.webp', 'e.jpeg', 'f.tif', 'g.tiff', 'h.gif', 'i.bmp'];
  const folder = await writeFiles(await temporaryFolder(), Object.fromEntries(names.map((name) => [name, ''])));
  const found = (await listPictures([folder])).map((file) => path.relative(folder, file));
  expect(found).toEqual(['a.png', 'b.JPG', 'e.jpeg', 'f.tif', 'g.tiff', 'h.gif', 'i.bmp', path.join('sub', 'd.webp')]);
});

it('listPictures keeps the order in which files and folders are given', async () => {
  const folder = await writeFiles(await temporaryFolder(), { 'z.png': '', 'in/a.png': '' });
  const [file, inner] = [path.join(folder, 'z.png'), path.join(folder, 'in')];
  expect(await listPictures([file, inner])).toEqual([file, path.join(inner, 'a.png')]);
});

it('listPictures does not treat a folder named like a picture as a picture', async () => {
  const folder = await writeFiles(await temporaryFolder(), { 'album.png/one.png': '' });
  expect(await listPictures([folder])).toEqual([path.join(folder, 'album.png', 'one.png')]);
});

it.skipIf(process.platform === 'win32')(
  'listPictures follows links to pictures and skips pipes, which would block the reader forever',
  async () => {
    const folder = await writeFiles(await temporaryFolder(), { 'a.png': '', 'in/b.png': '' });
    await symlink('a.png', path.join(folder, 'link.png'));
    await symlink('in', path.join(folder, 'link-to-folder.png'));
    await symlink('gone', path.join(folder, 'link-to-nothing.png'));
    await promisify(execFile)('mkfifo', [path.join(folder, 'pipe.png')]);
    await symlink('pipe.png', path.join(folder, 'link-to-pipe.png'));
    const found = (await listPictures([folder])).map((file) => path.relative(folder, file));
    // A broken link is reported when it is read.
    expect(found).toEqual(['a.png', path.join('in', 'b.png'), 'link-to-nothing.png', 'link.png']);
  },
);

it('listPictures names a missing file', async () => {
  await expect(listPictures(['/nowhere/a.png'])).rejects.toMatchObject({
    message: '/nowhere/a.png does not exist',
    exitCode: 3,
  });
});

it('listPictures names a folder without pictures and the extensions of pictures', async () => {
  const folder = await writeFiles(await temporaryFolder(), { 'notes.txt': '' });
  await expect(listPictures([folder])).rejects.toMatchObject({
    message: `There is no picture in ${folder} (.jpg, .jpeg, .png, .webp, .tif, .tiff, .gif, .bmp)`,
    exitCode: 3,
  });
});
