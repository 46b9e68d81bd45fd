import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/runtime/package.js';
import { usableWorkingDirectory } from '../../../src/runtime/process/working-directory.js';
import { temporaryFolder } from '../../helpers/home.js';

it('a server runs in the directory in which it was started', async () => {
  const folder = await temporaryFolder();
  expect(usableWorkingDirectory(folder)).toBe(folder);
});

it.each(['gone', 'file', 'file/below'])(
  'a server runs in the root directory if its working directory is missing or a file: %s',
  async (name) => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'file'), '');
    expect(usableWorkingDirectory(path.join(folder, name))).toBe(path.parse(packageRoot).root);
  },
);
