import { symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isAbandoned } from '../../../src/runtime/files/abandoned.js';
import { temporaryFolder } from '../../helpers/home.js';

it('is past for what was written eleven minutes ago, not for what is young or gone', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  expect(await isAbandoned(file)).toBe(false);
  await writeFile(file, '');
  expect(await isAbandoned(file)).toBe(false);
  const then = Date.now() / 1000 - 11 * 60;
  await utimes(file, then, then);
  expect(await isAbandoned(file)).toBe(true);
});

it.skipIf(process.platform === 'win32')('is that of a link itself (Windows lets few make links)', async () => {
  const link = path.join(await temporaryFolder(), 'link');
  await symlink('nowhere', link);
  expect(await isAbandoned(link)).toBe(false);
});
