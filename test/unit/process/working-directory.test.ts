import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/runtime/package.js';
import { usableWorkingDirectory } from '../../../src/runtime/process/working-directory.js';
import { temporaryFolder } from '../../helpers/home.js';

it('a server works in the directory that it was started in', async () => {
  const folder = await temporaryFolder();
  expect(usableWorkingDirectory(folder)).toBe(folder);
});

it.each(['gone', 'file', 'file/below'])(
  'a server whose working directory does not exist or is a file works in the root directory: %s',
  async (name) => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'file'), '');
    expect(usableWorkingDirectory(path.join(folder, name))).toBe(path.parse(packageRoot).root);
  },
);
