import { symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isAbandoned } from '../../../src/runtime/files/abandoned.js';
import { temporaryFolder } from '../../helpers/home.js';

it('a file is abandoned from eleven minutes after its last write; a missing file is not abandoned', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  expect(await isAbandoned(file)).toBe(false);
  await writeFile(file, '');
  expect(await isAbandoned(file)).toBe(false);
  const then = Date.now() / 1000 - 11 * 60;
  await utimes(file, then, then);
  expect(await isAbandoned(file)).toBe(true);
});

it.skipIf(process.platform === 'win32')(
  'the age of a link is that of the link itself (skipped on Windows: few users may create links)',
  async () => {
    const link = path.join(await temporaryFolder(), 'link');
    await symlink('nowhere', link);
    expect(await isAbandoned(link)).toBe(false);
  },
);
