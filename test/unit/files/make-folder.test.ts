import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/runtime/files/make-folder.js';
import { temporaryFolder } from '../../helpers/home.js';

const isWindows = process.platform === 'win32';

describe('makeFolder', () => {
  it('makes what is missing on the way, and is content with what is there', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b', 'c');
    await makeFolder(folder);
    await makeFolder(folder);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it.skipIf(isWindows)('gives each folder that it makes the mode (Windows has no such permissions)', async () => {
    const root = await temporaryFolder();
    await makeFolder(path.join(root, 'a', 'b'), 0o700);
    for (const name of ['a', 'a/b']) expect((await stat(path.join(root, name))).mode & 0o777).toBe(0o700);
  });

  it('refuses a file in its place, or on the way', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(path.join(file, 'a'))).rejects.toMatchObject({ syscall: 'mkdir' });
  });

  it('makes it although somebody removes what is on the way', async () => {
    const root = await temporaryFolder();
    const folder = path.join(root, 'a', 'b', 'c');
    for (let i = 0; i < 300; i++) {
      await Promise.all([makeFolder(folder), rm(path.join(root, 'a', 'b'), { recursive: true, force: true })]);
      await mkdir(folder, { recursive: true });
    }
  });

  it.skipIf(process.platform !== 'linux')('ends where no folder can be made (only Linux has /proc)', async () => {
    await expect(makeFolder('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT', syscall: 'mkdir', path: '/proc/x' });
  });
});
