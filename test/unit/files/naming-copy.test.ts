import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { namingCopy } from '../../../src/runtime/files/naming-copy.js';
import { toWritingError } from '../../../src/runtime/files/unwritable.js';
import { temporaryFolder } from '../../helpers/home.js';

const copyError = (code: string, from: string, dest: string): Error =>
  Object.assign(new Error(`${code}: refused, copyfile '${from}' -> '${dest}'`), {
    code,
    syscall: 'copyfile',
    path: from,
    dest,
  });

it.each(['EACCES', 'EIO', 'EMFILE', 'EROFS'])(
  '%s of a copy whose source can be read is about the copy',
  async (code) => {
    const from = path.join(await temporaryFolder(), 'from');
    await writeFile(from, 'content');
    const error = copyError(code, from, '/out/to');
    await expect(namingCopy(error)).rejects.toMatchObject({ code, path: '/out/to' });
    expect(toWritingError(error)?.message).toContain('/out cannot be written');
  },
);

it('EACCES and EIO of a copy whose source cannot be read are about the source', async () => {
  // A folder opens and cannot be read, as a file on a broken disk.
  const from = await temporaryFolder();
  for (const code of ['EACCES', 'EIO']) {
    const error = copyError(code, from, '/out/to');
    await expect(namingCopy(error)).rejects.toMatchObject({ code, path: from });
    expect(toWritingError(error)).toBeUndefined();
  }
});

it('the system names the source of a copy, of one file and of a folder', async () => {
  const folder = await temporaryFolder();
  const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
  await mkdir(from);
  await writeFile(path.join(from, 'file'), 'content');
  await mkdir(path.join(to, 'file'), { recursive: true });
  const [file, copy] = [path.join(from, 'file'), path.join(to, 'file')];
  await expect(copyFile(file, copy)).rejects.toMatchObject({ syscall: 'copyfile', path: file, dest: copy });
  await expect(copyFile(file, copy).catch(namingCopy)).rejects.toMatchObject({ path: copy });
  // What the system says of the one file in its way stays.
  const below = path.join(file, 'x');
  await expect(cp(from, below, { recursive: true }).catch(namingCopy)).rejects.toMatchObject({ path: below });
});

it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a copy of a folder into one that may not be written is about the copy',
  async () => {
    const folder = await temporaryFolder();
    const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
    await mkdir(from);
    await writeFile(path.join(from, 'file'), 'content');
    await mkdir(to, { mode: 0o555 });
    await expect(cp(from, to, { recursive: true }).catch(namingCopy)).rejects.toMatchObject({
      syscall: 'copyfile',
      path: path.join(to, 'file'),
    });
  },
);
