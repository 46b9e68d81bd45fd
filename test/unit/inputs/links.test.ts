import { execFileSync, spawn } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRegularBytes, readRegularFile, readRegularFileSync } from '../../../src/runtime/files/read-regular.js';
import { readInput } from '../../../src/runtime/inputs/input.js';
import { listInputs } from '../../../src/runtime/inputs/list.js';
import { fileOf } from '../../../src/runtime/mcp/files.js';
import { temporaryFolder } from '../../helpers/home.js';

it.skipIf(process.platform === 'win32')(
  'folders and patterns give each file once, with links to files, and without pipes, devices and folders behind links',
  async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'a'));
    await writeFile(path.join(folder, 'a', 'page.png'), '');
    await symlink('..', path.join(folder, 'a', 'up'));
    await symlink('page.png', path.join(folder, 'a', 'link.png'));
    await symlink('/dev/zero', path.join(folder, 'a', 'zero.png'));
    execFileSync('mkfifo', [path.join(folder, 'a', 'pipe.png')]);
    for (const word of [folder, `${folder}/**/*.png`]) {
      const inputs = await listInputs([word]);
      expect(inputs.map(({ file }) => path.relative(folder, file))).toEqual(['a/link.png', 'a/page.png']);
    }
  },
);

describe.skipIf(process.platform === 'win32')('a named input that is no file (skipped on Windows)', () => {
  it.each(['/dev/zero', '/dev/urandom', '/dev/null', '/dev/full'])('but the device %s is refused', async (device) => {
    const file = path.join(await temporaryFolder(), 'zero.png');
    await symlink(device, file);
    for (const each of [file, device]) {
      await expect(readInput({ file: each, relative: 'zero.png', isNamed: true })).rejects.toMatchObject({
        code: 'file_unreadable',
        message: expect.stringContaining('it is a device, not a file') as string,
      });
    }
  });

  it.each([100_000, 1_000_000])('without an end is refused at its limit of %d bytes', async (limit) => {
    const file = path.join(await temporaryFolder(), 'pipe.png');
    execFileSync('mkfifo', [file]);
    const writer = spawn('sh', ['-c', 'cat /dev/zero > "$1"', 'sh', file]);
    onTestFinished(() => void writer.kill('SIGKILL'));
    await expect(readInput({ file, relative: 'pipe.png', isNamed: true }, limit)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining(`more bytes than the limit of ${limit}`) as string,
    });
  });

  it('but is larger than a text is refused before it is read', async () => {
    const file = path.join(await temporaryFolder(), 'list.txt');
    await writeFile(file, '');
    await truncate(file, 300 * 1024 ** 2);
    await expect(readRegularFile(file)).rejects.toThrow('has 314572800 bytes, more than the limit of 268435456');
    expect(() => readRegularFileSync(file)).toThrow('more than the limit of 268435456');
  });

  it('that ends within its limit is read', async () => {
    const file = path.join(await temporaryFolder(), 'pipe.png');
    execFileSync('mkfifo', [file]);
    const input = { file, relative: 'pipe.png', isNamed: true };
    const [bytes] = await Promise.all([readInput(input, 300_000), writeFile(file, Buffer.alloc(200_000, 'a'))]);
    expect(bytes.equals(Buffer.alloc(200_000, 'a'))).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux')(
  'a file of /proc that tells no size (skipped elsewhere than on Linux)',
  () => {
    // Terabytes of zeros.
    const endless = '/proc/self/pagemap';

    it('is refused at the limit, named or as a link in a folder', async () => {
      const folder = await temporaryFolder();
      const file = path.join(folder, 'page.png');
      await symlink(endless, file);
      const [found] = await listInputs([folder]);
      for (const input of [found ?? expect.fail('it is not listed'), { file: endless, relative: 'x', isNamed: true }]) {
        await expect(readInput(input, 100_000)).rejects.toMatchObject({
          code: 'file_unreadable',
          message: expect.stringContaining('more bytes than the limit of 100000') as string,
        });
      }
    });

    it('is refused as the file of a tool call', async () => {
      const call = fileOf({ path: endless }, { roots: [], allowUrls: [] }, new AbortController().signal);
      await expect(call).rejects.toMatchObject({
        code: 'tool_file_refused',
        message: expect.stringContaining('more bytes than the limit of 67108864') as string,
      });
    });

    it('is refused in place of a text', async () => {
      await expect(readRegularFile(endless)).rejects.toThrow('more bytes than the limit of 268435456');
      expect(() => readRegularFileSync(endless)).toThrow('more bytes than the limit of 268435456');
      await expect(readRegularBytes(endless)).rejects.toThrow('more bytes than the limit of 268435456');
    });

    it('is read if it ends', async () => {
      const file = '/proc/self/limits';
      const start = Buffer.from('Limit ');
      expect((await readInput({ file, relative: 'x', isNamed: true })).subarray(0, 6)).toEqual(start);
      expect((await readRegularFile(file)).slice(0, 6)).toBe('Limit ');
      expect(readRegularFileSync(file).slice(0, 6)).toBe('Limit ');
    });
  },
);
