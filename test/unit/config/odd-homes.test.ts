import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { resolveHome } from '../../../src/runtime/config/home.js';
import { temporaryFolder } from '../../helpers/home.js';

function homeOf(value: string): string {
  vi.stubEnv('OCRHUB_HOME', value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return resolveHome().root;
}

it
  .skipIf(process.platform === 'win32')
  .each<[what: string, make: (folder: string) => Promise<string>, problem: RegExp]>([
    ['a file', async (folder) => (await writeFile(path.join(folder, 'a'), ''), path.join(folder, 'a')), /ENOTDIR/],
    [
      'below a file',
      async (folder) => (await writeFile(path.join(folder, 'a'), ''), path.join(folder, 'a/b')),
      /ENOTDIR/,
    ],
    [
      'a loop of links',
      async (folder) => (await symlink('a', path.join(folder, 'a')), path.join(folder, 'a')),
      /ELOOP/,
    ],
    [
      'a link to nothing',
      async (folder) => (await symlink('no', path.join(folder, 'a')), path.join(folder, 'a')),
      /it is a link to no, which does not exist/,
    ],
    ['a device', () => Promise.resolve('/dev/null'), /ENOTDIR/],
    ['the root', () => Promise.resolve('/'), /it is the root of the file system/],
    ['the root, written otherwise', () => Promise.resolve('//tmp/..'), /it is the root of the file system/],
    ['too long a name', (folder) => Promise.resolve(path.join(folder, 'a'.repeat(300))), /ENAMETOOLONG/],
  ])('a home folder that is %s is refused', async (_, make, problem) => {
  const home = await make(await temporaryFolder());
  expect(() => homeOf(home)).toThrow(
    expect.objectContaining({
      code: 'home_unusable',
      exitCode: 5,
      message: expect.stringMatching(problem) as string,
    }) as Error,
  );
});

it.each<[what: string, name: string]>([
  ['is missing', 'none/below'],
  ['has spaces', 'a folder'],
  ['has a line end', 'a\nb'],
  ['is in Chinese, with an emoji', '家 👍'],
  ['begins with a dash', '-rf'],
  ['has quotes and a dollar', `a'"$HOME`],
])('a home folder that %s is taken', async (_, name) => {
  const home = path.join(await temporaryFolder(), name);
  expect(homeOf(home)).toBe(home);
  await mkdir(home, { recursive: true });
  expect(homeOf(home)).toBe(home);
});

it('a relative home folder counts from the working directory, and ~ is the home directory of the user', () => {
  expect(homeOf('some/home')).toBe(path.resolve('some/home'));
  vi.stubEnv('HOME', '/home/somebody');
  expect(homeOf('~/ocr')).toBe('/home/somebody/ocr');
  expect(homeOf('')).toBe('/home/somebody/.ocrhub');
});
