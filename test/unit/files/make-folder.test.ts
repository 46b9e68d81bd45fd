import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/runtime/files/make-folder.js';
import { temporaryFolder } from '../../helpers/home.js';

const isWindows = process.platform === 'win32';

describe('makeFolder', () => {
  it('creates missing parents and accepts existing folders', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b', 'c');
    await makeFolder(folder);
    await makeFolder(folder);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it.skipIf(isWindows)(
    'creates each folder with the mode (skipped on Windows: it has no such permissions)',
    async () => {
      const root = await temporaryFolder();
      await makeFolder(path.join(root, 'a', 'b'), 0o700);
      for (const name of ['a', 'a/b']) expect((await stat(path.join(root, name))).mode & 0o777).toBe(0o700);
    },
  );

  it('rejects if a file is in the place of the folder or of a parent', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(path.join(file, 'a'))).rejects.toMatchObject({ syscall: 'mkdir' });
  });

  it('creates the folder while another process removes a parent', async () => {
    const root = await temporaryFolder();
    const folder = path.join(root, 'a', 'b', 'c');
    const errors: unknown[] = [];
    for (let i = 0; i < 300; i++) {
      const created = makeFolder(folder).catch((error: unknown) => errors.push(error));
      // rm fails with ENOTEMPTY when the folder appears again while it is being removed.
      const again = { maxRetries: 20, retryDelay: 1 };
      await Promise.all([created, rm(path.join(root, 'a', 'b'), { recursive: true, force: true, ...again })]);
      await mkdir(folder, { recursive: true });
    }
    expect(errors).toEqual([]);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')(
    'rejects with the error of the OS in a folder that cannot contain folders (Linux only: /proc)',
    async () => {
      await expect(makeFolder('/proc/x/y')).rejects.toMatchObject({
        code: 'ENOENT',
        syscall: 'mkdir',
        path: '/proc/x',
      });
    },
  );
});
