import { spawnSync } from 'node:child_process';
import { lstat, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { writeFileAtomic } from '../../../src/runtime/files/write-atomic.js';
import { temporaryFolder } from '../../helpers/home.js';

async function linked() {
  const folder = await temporaryFolder();
  const [own, other] = [path.join(folder, 'own'), path.join(folder, 'other')];
  await writeFile(other, 'other');
  await symlink(other, own);
  return { own, other };
}

it('replaces a link, and leaves the file behind it alone', async () => {
  const { own, other } = await linked();
  await writeFileAtomic(own, 'new');
  expect((await lstat(own)).isSymbolicLink()).toBe(false);
  expect(await readFile(own, 'utf8')).toBe('new');
  expect(await readFile(other, 'utf8')).toBe('other');
});

it('follows the link of an output that the user named', async () => {
  const { own, other } = await linked();
  await writeFileAtomic(own, 'new', { followLink: true });
  expect((await lstat(own)).isSymbolicLink()).toBe(true);
  expect(await readFile(other, 'utf8')).toBe('new');
});

it.skipIf(process.platform === 'win32')(
  'writes into a pipe that the user named, and into a device behind a link',
  async () => {
    const folder = await temporaryFolder();
    const [pipe, link] = [path.join(folder, 'pipe'), path.join(folder, 'null')];
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    await symlink('/dev/null', link);
    const reader = readFile(pipe, 'utf8');
    await writeFileAtomic(pipe, 'through', { followLink: true });
    expect(await reader).toBe('through');
    await writeFileAtomic(link, 'away', { followLink: true });
    expect([(await lstat(pipe)).isFIFO(), (await lstat(link)).isSymbolicLink()]).toEqual([true, true]);
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
    // The system does not say the path of an open file.
    const full = { code: 'ENOSPC', syscall: 'write', path: '/dev/full' };
    await expect(writeFileAtomic('/dev/full', 'x', { followLink: true })).rejects.toMatchObject(full);
  },
);
