import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  openRegularFile,
  readRegularBytes,
  readRegularFile,
  readRegularFileSync,
} from '../../../src/runtime/files/read-regular.js';
import { temporaryFolder } from '../../helpers/home.js';

const readers = {
  openRegularFile,
  readRegularBytes,
  readRegularFile,
  readRegularFileSync: (file: string) => Promise.resolve().then(() => readRegularFileSync(file)),
};

describe.skipIf(process.platform === 'win32')('what is no regular file', () => {
  it.each([
    ['a pipe', 'is a named pipe, not a regular file', (file: string) => void execFileSync('mkfifo', [file])],
    [
      'a link to a pipe',
      'is a named pipe',
      async (file: string) => {
        execFileSync('mkfifo', [`${file}.pipe`]);
        await symlink(`${file}.pipe`, file);
      },
    ],
    ['a folder', 'is a folder, not a regular file', (file: string) => void execFileSync('mkdir', [file])],
    ['a device', 'is a device, not a regular file', (file: string) => symlink('/dev/zero', file)],
    ['a loop of links', 'ELOOP', (file: string) => symlink(file, file)],
    [
      'a socket',
      'ENXIO',
      async (file: string) => {
        const server = createServer().listen(file);
        onTestFinished(() => void server.close());
        await new Promise((resolve) => server.once('listening', resolve));
      },
    ],
  ])('is refused without waiting: %s', async (_, message, make) => {
    const file = path.join(await temporaryFolder(), 'file');
    await make(file);
    for (const read of Object.values(readers)) await expect(read(file)).rejects.toThrow(message);
  });

  it('does not keep a regular file, or a link to one, from being read', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, 'text');
    await symlink(file, `${file}.link`);
    for (const name of [file, `${file}.link`]) {
      expect(await readRegularFile(name)).toBe('text');
      expect(readRegularFileSync(name)).toBe('text');
    }
  });
});
