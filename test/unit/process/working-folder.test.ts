import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/runtime/package.js';
import { workingFolder } from '../../../src/runtime/process/working-folder.js';
import { temporaryFolder } from '../../helpers/home.js';

describe('the folder of a server', () => {
  it('is the one that it was started in', async () => {
    const folder = await temporaryFolder();
    expect(workingFolder(folder)).toBe(folder);
  });

  it('is that of all others where this one is gone, or a file has its place, and not the installation', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'file'), '');
    for (const name of ['gone', 'file', 'file/below'])
      expect(workingFolder(path.join(folder, name))).toBe(path.parse(packageRoot).root);
  });
});
